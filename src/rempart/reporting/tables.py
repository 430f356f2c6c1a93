"""Reports, their receipts, and the watches over what was asked to be removed."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from rempart.storage.columns import METADATA, Moment, found_by, identity, owner, refers

report = Table(
    "report",
    METADATA,
    identity(),
    owner(),
    refers("case_id", "case_file"),
    refers("action_id", "action", nullable=True),
    Column("recipient", String(24), nullable=False),
    # emulator | test | production; never defaulted
    Column("environment", String(12), nullable=False),
    Column("state", String(16), nullable=False),
    # Sealed JSON of the draft, and the sealed bytes that left.
    Column("draft_sealed", LargeBinary, nullable=False),
    Column("payload_sealed", LargeBinary),
    Column("payload_sha256", String(64)),
    # How far sending has come: the recipient's own states, saved before each call.
    Column("journey_sealed", LargeBinary),
    Column("external_id", String(120)),
    Column("idempotency_key", String(80), nullable=False, unique=True),
    # What a person has to do next; empty when nothing.
    Column("problem", Text, nullable=False, server_default=""),
    Column("made_by", String(12), nullable=False),
    Column("approved_by", String(12)),
    Column("second_approver", String(12)),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("due_at", Moment),
    Column("not_before", Moment),
    Column("ended_at", Moment),
    Column("follows", BigInteger),
    # What the ledger has been told of its time already: due_soon, missed.
    Column("told", String(8), nullable=False, server_default=""),
)
found_by(report, "case_id")
Index("ix_report_state", report.c.organisation, report.c.state, report.c.due_at)
Index("ix_report_recipient", report.c.organisation, report.c.recipient, report.c.state)

receipt = Table(
    "receipt",
    METADATA,
    identity(),
    owner(),
    refers("report", "report"),
    # submitted | accepted | finished | rejected | mailed | handed_over | retracted …
    Column("kind", String(24), nullable=False),
    Column("at", Moment, nullable=False),
    Column("request_id", String(120), nullable=False, server_default=""),
    Column("content_sealed", LargeBinary, nullable=False),
    Column("content_sha256", String(64), nullable=False),
)
found_by(receipt, "report")

# One mail: to one address, with one or more notices; or the answer to who gave notice.
mailing = Table(
    "mailing",
    METADATA,
    identity(),
    owner(),
    Column("recipient", String(24), nullable=False),
    # Blind value of the address and of the kind of letter: what is grouped together.
    Column("address_key", String(40), nullable=False),
    # ready -> trying -> sent | failed; ready again when nobody got it, unclear when nobody knows whether somebody did
    Column("state", String(12), nullable=False),
    # The same at every try: whoever gets it twice can tell.
    Column("message_number", String(300), nullable=False, unique=True),
    # The sealed bytes; None once an answer to who gave notice has left: their address is not kept here.
    Column("content_sealed", LargeBinary),
    Column("content_sha256", String(64), nullable=False),
    refers("notice", "notice", nullable=True),
    Column("made_at", Moment, nullable=False),
    Column("tried_at", Moment),
    # How often nobody knew afterwards whether the relay had taken it.
    Column("doubts", Integer, nullable=False, server_default="0"),
    Column("ended_at", Moment),
    Column("problem", Text, nullable=False, server_default=""),
)
Index("ix_mailing_address", mailing.c.address_key, mailing.c.organisation, mailing.c.made_at)
found_by(mailing, "notice")
mailing_report = Table(
    "mailing_report",
    METADATA,
    refers("mailing", "mailing", primary_key=True),
    refers("report", "report", primary_key=True),
    owner(),
)
found_by(mailing_report, "report")
# A notice that is on its way, or is repeated while the content is there.
mail_round = Table(
    "mail_round",
    METADATA,
    refers("report", "report", primary_key=True),
    owner(),
    Column("recipient", String(24), nullable=False),
    Column("address_key", String(40), nullable=False),
    Column("urgent", Boolean, nullable=False),
    # waiting -> mailing -> waiting … -> over
    Column("state", String(8), nullable=False),
    Column("next_at", Moment, nullable=False),
    # How often it has left, and why it waits or is over.
    Column("times", Integer, nullable=False, server_default="0"),
    Column("misses", Integer, nullable=False, server_default="0"),
    Column("first_miss_at", Moment),
    Column("because", String(24), nullable=False, server_default=""),
)
Index("ix_mail_round_next", mail_round.c.organisation, mail_round.c.state, mail_round.c.next_at)
watch = Table(
    "watch",
    METADATA,
    identity(),
    owner(),
    refers("case_id", "case_file"),
    refers("location", "location"),
    # scheduled | up | suspect_down | unreachable | moved | down | returned
    Column("state", String(16), nullable=False),
    Column("next_at", Moment),
    Column("misses", Integer, nullable=False, server_default="0"),
    Column("first_miss_at", Moment),
    # Names of the resolvers that missed it since.
    Column("missed_by", JSON, nullable=False),
    Column("address", String(45), nullable=False, server_default=""),
    Column("country", String(2), nullable=False, server_default=""),
    Column("network", String(16), nullable=False, server_default=""),
    Column("down_at", Moment),
    Column("rechecks_done", Integer, nullable=False, server_default="0"),
    Column("changed_at", Moment, nullable=False),
    Column("active", Boolean, nullable=False, server_default="1"),
    UniqueConstraint("case_id", "location"),
)
found_by(watch, "case_id")
Index("ix_watch_next", watch.c.active, watch.c.next_at)
