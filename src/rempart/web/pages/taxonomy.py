"""The codes that reviewers choose from, and what each means in other vocabularies."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from rempart.cases.review.taxonomy import VOCABULARIES, Profile, profiles
from rempart.web.access import TheDesk, Visitor, people
from rempart.web.pages.case_shown import Shown, named
from rempart.web.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/taxonomy")
def show(
    request: Request,
    visitor: Annotated[Visitor, Depends(people("reviewer", "senior", "supervisor", "auditor"))],
    desk: TheDesk,
) -> Response:
    """The active profile, and the others that ship."""
    shown = Shown(desk, visitor.language, desk.clock())
    active = desk.taxonomy
    others = [one for one in profiles() if one.taxonomy.name != active.name]
    found = [Profile(active), *others]
    return page(
        request,
        visitor,
        "review/taxonomy.html",
        profiles=[_words(shown, one, active=one.taxonomy is active) for one in found],
    )


def _words(shown: Shown, profile: Profile, *, active: bool) -> dict[str, Any]:
    one = profile.taxonomy
    spoken = [name for name in VOCABULARIES if any(name in code.elsewhere for code in one.codes)]
    return {
        "id": one.name,
        "label": one.label(shown.language),
        "version": one.version,
        "jurisdiction": one.jurisdiction,
        "active": active,
        "needs": profile.needs,
        "because": profile.because,
        "vocabularies": spoken,
        "codes": [
            {
                "key": code.key,
                "name": code.name,
                "label": code.label(shown.language),
                "outcome": named(shown.t, "overview.outcome", code.outcome),
                "elsewhere": [code.elsewhere.get(name, "") for name in spoken],
            }
            for code in one.codes
        ],
    }
