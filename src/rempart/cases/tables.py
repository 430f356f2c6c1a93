"""The tables of the case desk. State columns are the projection of the ledger's story: written in one transaction
with the entry that they follow from."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from rempart.storage.columns import METADATA, BigId, Moment, found_by, identity, owner, refers

cluster = Table(
    "cluster",
    METADATA,
    identity(),
    owner(),
    Column("first_at", Moment, nullable=False),
    # How many cases are members: more than one shows as one card.
    Column("size", Integer, nullable=False, server_default="1"),
)
case = Table(
    "case_file",  # `case` is a word of SQL
    METADATA,
    identity(),
    owner(),
    Column("kind", String(12), nullable=False),
    Column("state", String(16), nullable=False),
    Column("received_at", Moment, nullable=False),
    # The place in the queue: see facts.case.Placement.
    Column("tier", Integer, nullable=False),
    Column("score", Integer, nullable=False),
    Column("tie", Integer, nullable=False, server_default="0"),
    Column("why", JSON, nullable=False),
    Column("rules_version", String(40), nullable=False),
    # [[name, value, source, at], …]
    Column("features", JSON, nullable=False),
    Column("aged_at", Moment, nullable=False),
    # The earliest clock that runs on the case; None when none does.
    Column("due_at", Moment),
    refers("cluster", "cluster", nullable=True),
    # Only the leader of a cluster stands in the queue.
    Column("leads", Boolean, nullable=False, server_default="1"),
    Column("sampled", Boolean, nullable=False, server_default="0"),
    # Random from 0 to 2^31 - 1, given at intake: sampling without reading the whole lane.
    Column("dice", Integer, nullable=False),
    # The lease: who looks at it, in which lane it was taken, until when.
    Column("assignee", String(12)),
    Column("lane", String(8)),
    Column("claimed_at", Moment),
    Column("lease_until", Moment),
    # The police are to hear of it before any host does.
    Column("police_first", Boolean, nullable=False, server_default="0"),
    Column("outcome", String(20)),
    Column("decided_at", Moment),
    # The decision may be undone until then; nothing leaves before.
    Column("final_at", Moment),
    # The ledger entry that this row was last written with.
    Column("entry", BigInteger, nullable=False),
)
Index("ix_case_file_cluster", case.c.cluster, case.c.organisation, case.c.leads.desc(), case.c.id)
_waiting = text("state = 'triaged' AND assignee IS NULL AND leads")
Index(
    "ix_case_queue",
    case.c.organisation,
    case.c.tier,
    case.c.score.desc(),
    case.c.tie.desc(),
    case.c.received_at.desc(),
    case.c.id,
    sqlite_where=_waiting,
    postgresql_where=_waiting,
)
Index(
    "ix_case_due",
    case.c.organisation,
    case.c.due_at,
    sqlite_where=text("due_at IS NOT NULL"),
    postgresql_where=text("due_at IS NOT NULL"),
)
Index("ix_case_dice", case.c.organisation, case.c.tier, case.c.dice, sqlite_where=_waiting, postgresql_where=_waiting)
_running = text("state = 'triaged' AND assignee IS NULL AND due_at IS NOT NULL")
Index(
    "ix_case_running", case.c.organisation, case.c.due_at, case.c.id, sqlite_where=_running, postgresql_where=_running
)
_picked = text("state = 'triaged' AND assignee IS NULL AND leads AND sampled")
Index(
    "ix_case_picked",
    case.c.organisation,
    case.c.tier,
    case.c.dice,
    case.c.id,
    sqlite_where=_picked,
    postgresql_where=_picked,
)
Index("ix_case_aged", case.c.organisation, case.c.aged_at, sqlite_where=_waiting, postgresql_where=_waiting)
# How much waits, by tier and age: the narrowest that can be counted on.
Index(
    "ix_case_ages",
    case.c.organisation,
    case.c.tier,
    case.c.received_at,
    sqlite_where=_waiting,
    postgresql_where=_waiting,
)
_held = text("assignee IS NOT NULL")
Index(
    "ix_case_lease",
    case.c.organisation,
    case.c.lease_until,
    case.c.id,
    sqlite_where=_held,
    postgresql_where=_held,
)
Index("ix_case_held", case.c.organisation, case.c.assignee, sqlite_where=_held, postgresql_where=_held)
# What waits for somebody in particular: a second person, a senior, information.
_others = text("state IN ('needs_second', 'disputed', 'escalated', 'needs_info') AND assignee IS NULL AND leads")
Index(
    "ix_case_others",
    case.c.organisation,
    case.c.state,
    case.c.tier,
    case.c.score.desc(),
    case.c.received_at,
    case.c.id,
    sqlite_where=_others,
    postgresql_where=_others,
)
_pressing = text(
    "state IN ('needs_second', 'disputed', 'escalated', 'needs_info') AND assignee IS NULL AND due_at IS NOT NULL"
)
Index(
    "ix_case_pressing",
    case.c.organisation,
    case.c.due_at,
    case.c.id,
    sqlite_where=_pressing,
    postgresql_where=_pressing,
)
Index("ix_case_state", case.c.organisation, case.c.state, case.c.tier, case.c.received_at)
Index(
    "ix_case_decided",
    case.c.organisation,
    case.c.decided_at,
    sqlite_where=text("decided_at IS NOT NULL"),
    postgresql_where=text("decided_at IS NOT NULL"),
)
# What a search filters by, so that it reads rows of matches only.
Index(
    "ix_case_search",
    case.c.organisation,
    case.c.id,
    case.c.state,
    case.c.tier,
    case.c.outcome,
    case.c.received_at,
)

notice = Table(
    "notice",
    METADATA,
    identity(),
    owner(),
    # What the reporter keeps; the code of the status page stands here as a hash only.
    Column("number", String(20), nullable=False, unique=True),
    Column("code_hash", String(64)),
    Column("channel", String(8), nullable=False),
    Column("state", String(16), nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("language", String(2), nullable=False),
    Column("category", String(40), nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("trusted", Boolean, nullable=False, server_default="0"),
    # Who sent it: a service token's or a partner's pid; None when a member of the public did.
    Column("sender", String(12)),
    # Sealed JSON: the reporter's words, contact, URLs.
    Column("content_sealed", LargeBinary, nullable=False),
    Column("duplicate_of", BigId),
    # Blind value of what the duplicate rule compares.
    Column("duplicate_key", String(40)),
    # The same request sent twice is one notice.
    Column("request_key", String(120)),
    Column("outcome", String(20)),
    Column("outcome_at", Moment),
    # Blind value of the mail address that the reporter left; what they were told there, and of which outcome.
    Column("contact_key", String(40)),
    Column("receipt_mailed_at", Moment),
    Column("outcome_mailed_at", Moment),
    # When the reporter's words and contact were forgotten.
    Column("erased_at", Moment),
    UniqueConstraint("organisation", "request_key"),
)
found_by(notice, "duplicate_key")
_reachable = text("contact_key IS NOT NULL")
Index(
    "ix_notice_contact",
    notice.c.organisation,
    notice.c.received_at,
    sqlite_where=_reachable,
    postgresql_where=_reachable,
)
_told = text("contact_key IS NOT NULL AND outcome_at IS NOT NULL")
Index(
    "ix_notice_answered",
    notice.c.organisation,
    notice.c.outcome_at,
    sqlite_where=_told,
    postgresql_where=_told,
)
Index("ix_notice_day", notice.c.organisation, notice.c.received_at, notice.c.channel)
notice_case = Table(
    "notice_case",
    METADATA,
    refers("notice", "notice", primary_key=True),
    refers("case_id", "case_file", primary_key=True),
    owner(),
)
found_by(notice_case, "case_id")
media = Table(
    "media",
    METADATA,
    identity(),
    owner(),
    refers("case_id", "case_file"),
    # None when only fingerprints came, or after a purge.
    Column("vault_id", String(32)),
    Column("name_sealed", LargeBinary, nullable=False),
    Column("media_type", String(80), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("width_pixels", Integer),
    Column("height_pixels", Integer),
    Column("frames", Integer, nullable=False, server_default="0"),
    # match | no_match | not_examined | waiting
    Column("outcome", String(12), nullable=False),
    # Sealed JSON of the finding (no fingerprint in it), and of the fingerprints.
    Column("finding_sealed", LargeBinary),
    Column("fingerprints_sealed", LargeBinary),
    # Sealed PNG of at most 96 pixels, grey and coarse.
    Column("preview_sealed", LargeBinary),
    Column("exact_key", String(40)),
    Column("received_at", Moment, nullable=False),
    # When the host says that it was uploaded; None when it does not say.
    Column("uploaded_at", Moment),
)
found_by(media, "case_id", "exact_key")
location = Table(
    "location",
    METADATA,
    identity(),
    owner(),
    refers("case_id", "case_file"),
    Column("url_sealed", LargeBinary, nullable=False),
    Column("url_key", String(40), nullable=False),
    Column("host", String(255), nullable=False),
    Column("seen_at", Moment, nullable=False),
    # Where it was hosted when that was last found out: web | own | onion | unknown; empty: nobody asked.
    Column("hosted", String(8), nullable=False, server_default=""),
    Column("address", String(45), nullable=False, server_default=""),
    Column("asn", BigInteger),
    Column("provider", String(120), nullable=False, server_default=""),
    Column("country", String(2), nullable=False, server_default=""),
    # A proxy's address says nothing of the machine behind it.
    Column("via_proxy", Boolean),
    Column("resolved_at", Moment),
    # The files that said whose the address is.
    Column("resolved_by", String(200), nullable=False, server_default=""),
)
found_by(location, "case_id", "url_key", "host")
# What ties cases together: blind values of digests, accounts, devices, URLs, incidents.
link = Table(
    "case_link",
    METADATA,
    refers("case_id", "case_file", primary_key=True),
    Column("kind", String(12), primary_key=True),
    Column("value_key", String(40), primary_key=True),
    owner(),
)
Index("ix_case_link_value", link.c.value_key, link.c.kind, link.c.organisation, link.c.case_id)

# What a host or partner told about an account involved: for reports only, never shown in lists.
party = Table(
    "case_party",
    METADATA,
    identity(),
    owner(),
    refers("case_id", "case_file"),
    # reported | recipient | victim
    Column("role", String(12), nullable=False),
    Column("source", String(12), nullable=False),
    # Sealed JSON: see `cases.intake.parties`.
    Column("told_sealed", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
)
found_by(party, "case_id")
decision = Table(
    "decision",
    METADATA,
    identity(),
    owner(),
    refers("case_id", "case_file"),
    Column("reviewer", String(12), nullable=False),
    Column("round", String(12), nullable=False),
    Column("lane", String(8), nullable=False),
    Column("taxonomy", String(40), nullable=False),
    Column("taxonomy_version", String(20), nullable=False),
    Column("code", String(40), nullable=False),
    Column("outcome", String(20), nullable=False),
    # Human answers that stay unknown unless given: {"ai": "yes"|"no"|None, "public": …}
    Column("answers", JSON, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("viewed", String(10), nullable=False),
    Column("seconds", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("final_at", Moment, nullable=False),
    Column("undone_at", Moment),
    # The decision on the leader of the cluster that this one follows from; None for one made on the card itself.
    refers("followed", "decision", nullable=True),
    # The columns of the case as they were, so that undo restores them exactly.
    Column("before", JSON, nullable=False),
)
found_by(decision, "case_id", "followed")
Index("ix_decision_reviewer", decision.c.organisation, decision.c.reviewer, decision.c.at)
Index("ix_decision_at", decision.c.organisation, decision.c.at)
action = Table(
    "action",
    METADATA,
    identity(),
    owner(),
    refers("case_id", "case_file"),
    refers("decision_id", "decision", nullable=True),
    Column("kind", String(24), nullable=False),
    Column("target", JSON, nullable=False),
    Column("state", String(12), nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("due_at", Moment),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
)
found_by(action, "case_id")
Index("ix_action_state", action.c.organisation, action.c.state, action.c.not_before)
order = Table(
    "authority_order",
    METADATA,
    identity(),
    owner(),
    refers("notice", "notice"),
    Column("kind", String(20), nullable=False),
    Column("authority", String(120), nullable=False),
    Column("reference", String(120), nullable=False),
    Column("legal_basis", String(200), nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    # received -> authenticated -> executed | impossible | challenged (then executed | impossible)
    Column("state", String(16), nullable=False),
    # How somebody verified who sent it. Never filled in by a machine.
    Column("authentication", String(200)),
    Column("authenticated_at", Moment),
    Column("authenticated_by", String(12)),
    # What was done or why it could not be, from when on, and who says so.
    Column("effect", Text),
    Column("effect_at", Moment),
    Column("challenge", Text),
    Column("ended_at", Moment),
    Column("ended_by", String(12)),
    # When the user was told; the authority may ask that it be not before some time.
    Column("user_wait_until", Moment),
    Column("user_told_at", Moment),
    # What the ledger has been told of its time already: due_soon, missed.
    Column("told", String(8), nullable=False, server_default=""),
    # Sealed JSON: what the order says besides the notice's words, such as accounts and territory.
    Column("details_sealed", LargeBinary, nullable=False),
    UniqueConstraint("organisation", "kind", "authority", "reference"),
)
Index("ix_order_due", order.c.organisation, order.c.state, order.c.due_at)
# What a host hands to the user whose content was judged: the right to appeal, once.
appeal_code = Table(
    "appeal_code",
    METADATA,
    identity(),
    owner(),
    refers("case_id", "case_file"),
    Column("number", String(20), nullable=False, unique=True),
    Column("code_hash", String(64), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("made_by", String(12), nullable=False),
    # The same request sent twice gives the same number and code.
    Column("request_key", String(120)),
    UniqueConstraint("organisation", "request_key"),
)
found_by(appeal_code, "case_id")
appeal = Table(
    "appeal",
    METADATA,
    identity(),
    owner(),
    refers("case_id", "case_file"),
    # The decision that is contested, and the one that the appeal ended with.
    refers("decision_id", "decision"),
    refers("answered_with", "decision", nullable=True),
    # What admitted to it: a notice, or a code.
    refers("notice", "notice", nullable=True),
    refers("code", "appeal_code", nullable=True),
    # notifier | user
    Column("brought_by", String(10), nullable=False),
    Column("number", String(20), nullable=False, unique=True),
    Column("code_hash", String(64), nullable=False),
    Column("request_key", String(120)),
    Column("language", String(2), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    # open -> assigned -> upheld | overturned | partly
    Column("state", String(10), nullable=False),
    Column("grounds_sealed", LargeBinary, nullable=False),
    Column("assignee", String(12)),
    Column("assigned_at", Moment),
    Column("decided_by", String(12)),
    Column("decided_at", Moment),
    Column("answer_sealed", LargeBinary),
    # When everything that follows from it was done.
    Column("remedied_at", Moment),
    # What the ledger has been told of its time already: due_soon, missed.
    Column("told", String(8), nullable=False, server_default=""),
    UniqueConstraint("organisation", "request_key"),
)
found_by(appeal, "case_id", "decision_id")
Index("ix_appeal_open", appeal.c.organisation, appeal.c.state, appeal.c.due_at)
_undecided = text("state IN ('open', 'assigned')")
Index(
    "ux_appeal_side",
    appeal.c.decision_id,
    appeal.c.brought_by,
    unique=True,
    sqlite_where=_undecided,
    postgresql_where=_undecided,
)
# A body outside of the house that an answered appeal was brought to (DSA article 21), and what came of it.
appeal_external = Table(
    "appeal_external",
    METADATA,
    identity(),
    owner(),
    refers("appeal", "appeal"),
    Column("body", String(120), nullable=False),
    Column("reference", String(120), nullable=False, server_default=""),
    Column("begun_at", Moment, nullable=False),
    Column("begun_by", String(12), nullable=False),
    # confirmed | changed | settled | dropped
    Column("outcome", String(10)),
    Column("ended_at", Moment),
    Column("ended_by", String(12)),
    refers("answered_with", "decision", nullable=True),
    # Sealed words for the appellant.
    Column("words_sealed", LargeBinary),
)
found_by(appeal_external, "appeal")
reveal = Table(
    "reveal",
    METADATA,
    identity(),
    owner(),
    refers("case_id", "case_file"),
    refers("media_id", "media"),
    Column("person", String(12), nullable=False),
    Column("level", String(10), nullable=False),
    Column("purpose", String(40), nullable=False),
    Column("at", Moment, nullable=False),
    # When the picture was given out; None when it was asked for and never seen.
    Column("opened_at", Moment),
    # How long it stood open, as the page told; None when it never did.
    Column("seconds", Integer),
    # The one-time ticket of the picture, as a hash; gone once used.
    Column("ticket_hash", String(64), unique=True),
)
found_by(reveal, "case_id")
Index("ix_reveal_person", reveal.c.organisation, reveal.c.person, reveal.c.at)
Index("ix_reveal_at", reveal.c.organisation, reveal.c.at)
# Who passed a case on, so that it is not offered to the same person again.
skip = Table(
    "case_skip",
    METADATA,
    refers("case_id", "case_file", primary_key=True),
    Column("person", String(12), primary_key=True),
    owner(),
    Column("reason", String(40), nullable=False),
    Column("at", Moment, nullable=False),
)
Index("ix_case_skip_person", skip.c.person, skip.c.organisation)
note = Table(
    "case_note",
    METADATA,
    identity(),
    owner(),
    refers("case_id", "case_file"),
    Column("author", String(12), nullable=False),
    Column("at", Moment, nullable=False),
    Column("text_sealed", LargeBinary, nullable=False),
)
found_by(note, "case_id")
presence = Table(
    "presence",
    METADATA,
    refers("case_id", "case_file", primary_key=True),
    Column("person", String(12), primary_key=True),
    owner(),
    Column("seen_at", Moment, nullable=False),
)
hold = Table(
    "hold",
    METADATA,
    identity(),
    owner(),
    refers("case_id", "case_file"),
    Column("basis", String(200), nullable=False),
    # content: the media and what belongs to them. reference: the record of the report only.
    Column("scope", String(12), nullable=False, server_default="content"),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment),
    Column("released_at", Moment),
)
found_by(hold, "case_id")
# How many items each channel had screened, a day each: the parts add up to the whole.
tally = Table(
    "screening_tally",
    METADATA,
    refers("organisation", "organisation", primary_key=True),
    Column("day", Date, primary_key=True),
    Column("channel", String(8), primary_key=True),
    Column("outcome", String(40), primary_key=True),
    Column("items", BigInteger, nullable=False),
)

# Every item that a host had screened. Without a match nothing of its content stands here.
item = Table(
    "item",
    METADATA,
    identity(),
    owner(),
    Column("number", String(20), nullable=False, unique=True),
    Column("sender", String(12), nullable=False),
    Column("channel", String(8), nullable=False),
    # The same request sent twice is one item; another content under the same key is a conflict.
    Column("request_key", String(120)),
    Column("content_key", String(40)),
    Column("received_at", Moment, nullable=False),
    # block | review | allow | unscreened
    Column("verdict", String(12), nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("reason", String(100), nullable=False, server_default=""),
    refers("case_id", "case_file", nullable=True),
    # The bytes and the metadata (sealed JSON) of what still has to be screened; None once it was.
    Column("vault_id", String(32)),
    Column("waiting_sealed", LargeBinary),
    # In this order, or SQLite would take its index for every question that names the organisation.
    UniqueConstraint("request_key", "sender", "organisation"),
)
found_by(item, "content_key", "received_at", "case_id")
# What partners send in bulk: how far its import is, and what became of its rows.
bundle = Table(
    "bundle",
    METADATA,
    identity(),
    owner(),
    Column("number", String(20), nullable=False, unique=True),
    Column("sender", String(12), nullable=False),
    Column("partner", String(40), nullable=False),
    Column("format", String(8), nullable=False),
    Column("profile", String(40), nullable=False, server_default=""),
    Column("request_key", String(120)),
    # Blind value of the file's bytes: another file under one request key is a conflict.
    Column("content_key", String(40), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    # received -> importing -> done | broken
    Column("state", String(12), nullable=False),
    # {"accepted": n, "duplicate": n, "refused": {reason: n}, "set_aside": {reason: n}, "cut": bool} of the first
    # `position` rows.
    Column("counts", JSON, nullable=False),
    Column("position", BigInteger, nullable=False, server_default="0"),
    # Why nothing of it could be read.
    Column("problem", String(200), nullable=False, server_default=""),
    Column("vault_id", String(32)),
    Column("received_at", Moment, nullable=False),
    Column("ended_at", Moment),
    UniqueConstraint("organisation", "sender", "request_key"),
)
# The rows that were not taken, the first ones of each bundle: where they stand, and why; never what stood there.
bundle_refusal = Table(
    "bundle_refusal",
    METADATA,
    refers("bundle", "bundle", primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    owner(),
    Column("reason", String(120), nullable=False),
)
# The rows a partner has sent before, as blind values: sent again they are duplicates.
bundle_row = Table(
    "bundle_row",
    METADATA,
    refers("organisation", "organisation", primary_key=True),
    Column("partner", String(40), primary_key=True),
    Column("row_key", String(40), primary_key=True),
    refers("case_id", "case_file", index=True),
)
# A duty that runs against time: the law it comes from is a row of TOML, its pauses and its end are here.
clock = Table(
    "duty_clock",
    METADATA,
    identity(),
    owner(),
    refers("case_id", "case_file", nullable=True),
    # appeal:3, dispute:7, erasure:12, report:9 …
    Column("about", String(40), nullable=False),
    Column("rule", String(60), nullable=False),
    Column("starts_at", Moment, nullable=False),
    # None while it stands still.
    Column("due_at", Moment),
    # [[from, to or null, reason], …]
    Column("pauses", JSON, nullable=False),
    Column("ended_at", Moment),
    Column("ended_how", String(40)),
    # What the ledger has been told already: due_soon, missed.
    Column("told", String(8), nullable=False, server_default=""),
    UniqueConstraint("about", "rule", "organisation"),
)
found_by(clock, "case_id")
Index("ix_clock_due", clock.c.organisation, clock.c.ended_at, clock.c.due_at)
# A person asks that what is kept about them goes (GDPR article 17): what was found, and what they were answered.
erasure = Table(
    "erasure",
    METADATA,
    identity(),
    owner(),
    Column("number", String(20), nullable=False, unique=True),
    Column("received_at", Moment, nullable=False),
    # open -> answered
    Column("state", String(10), nullable=False),
    Column("language", String(2), nullable=False),
    # Sealed JSON: who asks, and in which words.
    Column("asked_sealed", LargeBinary, nullable=False),
    # [{"kind": "case", "id": 3, "erased": bool, "reasons": [[code, until or null, rule], …]}, …]: empty until answered
    Column("found", JSON, nullable=False),
    Column("answered_at", Moment),
    Column("answered_by", String(12)),
    Column("answer_sealed", LargeBinary),
    # Whether something is kept still that goes when its time is over.
    Column("waits", Boolean, nullable=False, server_default="0"),
)
Index("ix_erasure_state", erasure.c.organisation, erasure.c.state, erasure.c.received_at)
