"""Whoever owns the site: asked to take the content down, again every three days while it is there."""

from rempart.facts.case import ActionKind
from rempart.reporting.letters.letter import Letter


class SiteOwnerNotice(Letter):
    """Without digests: whoever put the content there may be who reads it."""

    name = "site-owner-notice"
    kind = "owner"
    carries_out: ActionKind = "notice_site_owner"
    every_days = 3


RECIPIENT = SiteOwnerNotice()
