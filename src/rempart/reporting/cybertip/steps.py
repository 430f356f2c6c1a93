"""The machine that moves a report forward: pure functions from state and answer to the next state.

The authority has no way to ask what it already has, so the rules are:
submit may be repeated (an unanswered opening is deleted there by itself, and only a finish makes a report); an upload
whose answer is lost is never repeated into the same report, for the file could stand there twice: the report is
retracted and a new one cites it; finish and retract may be repeated, for their repetition says what had happened.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from rempart.reporting.cybertip.filing import Exchange, Filing, Sent, Step
from rempart.reporting.cybertip.replies import Reply

MOST_RESTARTS = 3
MOST_TRIES = 12
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Call:
    """The next call. file: which file it is about, counted from 0."""

    step: Step
    file: int | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """No answer. not-sent: nothing reached the authority; file-changed: nothing whole did."""

    kind: Literal["not-sent", "no-answer", "file-changed"]


@dataclass(frozen=True, slots=True)
class Uploaded:
    """The answer to an upload, and the MD5 of what we sent."""

    reply: Reply
    md5: str


Outcome = Reply | Uploaded | Silence


def settled(filing: Filing, now: datetime) -> Filing:
    """The state after what needs no call: a crash is an answer that never came; a report may have run out of time."""
    if filing.called is not None:
        return replace(after(filing, _interrupted(filing), Silence("no-answer"), now), not_before=None)
    if filing.phase == "expired":
        return _again(filing)
    expires = filing.expires_at
    if filing.phase in ("open", "files") and not filing.finish_unclear and expires is not None and now >= expires:
        return _expired(filing)
    return filing


def _interrupted(filing: Filing) -> Call:
    open_file = next((n for n, one in enumerate(filing.files) if not one.described), None)
    return Call(filing.called or "submit", open_file if filing.called in ("upload", "fileinfo") else None)


def due(filing: Filing, now: datetime) -> Call | None:
    """The next call of a settled state; None when it has ended or must wait."""
    if filing.ended or (filing.not_before is not None and now < filing.not_before):
        return None
    if filing.phase == "draft":
        return Call("submit")
    if filing.phase == "retracting":
        return Call("retract")
    for number, one in enumerate(filing.files):
        if one.file_id is None:
            return Call("upload", number)
        if not one.described:
            return Call("fileinfo", number)
    return Call("finish")


def begun(filing: Filing, call: Call, now: datetime, xml: bytes = b"") -> Filing:
    """The state to keep before the call is made. xml: what it sends, for the sealed file."""
    started = replace(filing, called=call.step, called_at=now, not_before=None)
    if call.step == "submit":
        return replace(started, xml=xml)
    if call.step == "fileinfo" and call.file is not None:
        return replace(started, files=_with_file(filing, call.file, xml=xml))
    return started


def after(filing: Filing, call: Call, outcome: Outcome, now: datetime) -> Filing:
    """The state to keep after the call."""
    state = replace(filing, called=None, exchanges=(*filing.exchanges, _exchange(call, outcome, now)))
    if isinstance(outcome, Silence):
        return _silent(state, call, outcome, now)
    reply = outcome.reply if isinstance(outcome, Uploaded) else outcome
    if reply.meaning == "unclear":
        return _unclear(state, call, now)
    if call.step != "submit" and reply.report_id not in (None, state.report_id):
        return _people(replace(state, finish_unclear=state.finish_unclear or call.step == "finish"), "other-report")
    match call.step:
        case "submit":
            return _submitted(state, reply, now)
        case "upload":
            return _uploaded(state, call, outcome, reply, now)
        case "fileinfo":
            return _described(state, call, reply, now)
        case "finish":
            return _finished(state, reply, now)
        case "retract":
            return _retracted(state, reply, now)


def _exchange(call: Call, outcome: Outcome, now: datetime) -> Exchange:
    if isinstance(outcome, Silence):
        return Exchange(call.step, now, outcome.kind)
    reply = outcome.reply if isinstance(outcome, Uploaded) else outcome
    return Exchange(call.step, now, reply.meaning, reply.http_status, reply.code, reply.request_id, reply.raw)


def _silent(state: Filing, call: Call, silence: Silence, now: datetime) -> Filing:
    match silence.kind:
        case "not-sent":
            return _later(state, now)
        case "file-changed":
            return _give_up(state, "file-changed", people=True)
        case "no-answer":
            return _unclear(state, call, now)


def _unclear(state: Filing, call: Call, now: datetime) -> Filing:
    """It may or may not have been done."""
    match call.step:
        case "submit":
            return _later(replace(state, orphans=state.orphans + 1), now)
        case "upload":
            return _give_up(state, "upload-unclear")
        case "finish":
            return _later(replace(state, finish_unclear=True), now)
        case "fileinfo" | "retract":
            return _later(state, now)


def _submitted(state: Filing, reply: Reply, now: datetime) -> Filing:
    if reply.meaning != "accepted":
        return _refused(state, reply, now)
    if reply.report_id is None:
        return _unclear(state, Call("submit"), now)
    at = state.called_at or now
    return _forward(replace(state, phase="open", report_id=reply.report_id, opened_at=at, changed_at=at))


def _uploaded(state: Filing, call: Call, outcome: Outcome, reply: Reply, now: datetime) -> Filing:
    if reply.meaning != "accepted":
        return _refused(state, reply, now)
    if reply.file_id is None or reply.md5 is None or call.file is None or not isinstance(outcome, Uploaded):
        return _unclear(state, call, now)
    if reply.md5 != outcome.md5:
        return _give_up(state, "md5-mismatch")
    files = _with_file(state, call.file, file_id=reply.file_id, md5=reply.md5)
    return _forward(replace(state, phase="files", files=files, changed_at=state.called_at))


def _described(state: Filing, call: Call, reply: Reply, now: datetime) -> Filing:
    if reply.meaning != "accepted" or call.file is None:
        return _refused(state, reply, now)
    files = _with_file(state, call.file, described=True)
    return _forward(replace(state, files=files, changed_at=state.called_at))


def _finished(state: Filing, reply: Reply, now: datetime) -> Filing:
    if reply.meaning == "accepted":
        ours = {one.file_id for one in state.files}
        unexpected = sum(file_id not in ours for file_id in reply.files)
        return _done(replace(state, unexpected_files=unexpected), now)
    if reply.meaning == "finished":
        return _done(state, now)
    # "Failed" and "never heard of it" may come after it was done; only a plain refusal says that it was not.
    refused = reply.meaning in ("fix", "stop", "file-gone") and reply.code is not None
    open_question = state.finish_unclear or not (refused or reply.meaning in ("gone", "retracted"))
    return _refused(replace(state, finish_unclear=open_question), reply, now)


def _retracted(state: Filing, reply: Reply, now: datetime) -> Filing:
    if reply.meaning == "finished":
        return _done(state, now) if state.finish_unclear else _people(state, "finished-elsewhere")
    if reply.meaning not in ("accepted", "retracted", "gone"):
        return _refused(state, reply, now)
    match state.after_retraction:
        case "again":
            return _again(state)
        case "people":
            return _people(cleared(state), state.reason)
        case "end":
            return _forward(replace(state, phase="retracted"))


def _refused(state: Filing, reply: Reply, now: datetime) -> Filing:
    """What follows an answer that is not the hoped one, whatever was asked."""
    match reply.meaning:
        case "retry":
            return _later(state, now, reply.retry_after_seconds)
        case "stop":
            return _people(state, "not-allowed")
        case "fix":
            return _people(state, "refused")
        case "gone":
            return _people(state, "finish-unclear") if state.finish_unclear else _gone(state)
        case "file-gone":
            return _give_up(state, "file-lost")
        case "retracted":
            return _people(state, "retracted-elsewhere")
        case "finished":
            return _people(state, "finished-elsewhere")
        case "accepted" | "unclear" | "unknown":
            return _people(state, "unknown-answer")


def _gone(state: Filing) -> Filing:
    return _expired(state) if state.report_id is not None else _people(state, "unknown-answer")


def _later(state: Filing, now: datetime, retry_after_seconds: float | None = None) -> Filing:
    if state.tries + 1 >= MOST_TRIES:
        return _people(state, "no-answer")
    wait = max(FIRST_WAIT * 2**state.tries, timedelta(seconds=retry_after_seconds or 0))
    return replace(state, tries=state.tries + 1, not_before=now + min(wait, LONGEST_WAIT))


def _forward(state: Filing) -> Filing:
    return replace(state, tries=0, not_before=None)


def _done(state: Filing, now: datetime) -> Filing:
    return _forward(replace(state, phase="finished", finished_at=now, finish_unclear=False, reason=""))


def _people(state: Filing, reason: str) -> Filing:
    return replace(state, phase="needs-people", stopped_in=state.phase, reason=reason, tries=0, not_before=None)


def _give_up(state: Filing, reason: str, *, people: bool = False) -> Filing:
    """Take the open report back, and begin a new one unless that has been done too often."""
    stop = people or state.restarts >= MOST_RESTARTS
    return _forward(replace(state, phase="retracting", reason=reason, after_retraction="people" if stop else "again"))


def _expired(state: Filing) -> Filing:
    return _forward(replace(state, phase="expired", reason="expired"))


def _again(state: Filing) -> Filing:
    if state.restarts >= MOST_RESTARTS:
        return _people(cleared(state), state.reason)
    return replace(cleared(state), restarts=state.restarts + 1)


def cleared(state: Filing) -> Filing:
    """A draft that remembers the report that was given up."""
    gone = () if state.report_id is None else (state.report_id,)
    return _forward(
        replace(
            state,
            phase="draft",
            report_id=None,
            opened_at=None,
            changed_at=None,
            finish_unclear=False,
            files=tuple(Sent(one.sha256) for one in state.files),
            earlier=(*state.earlier, *gone),
        )
    )


def _with_file(state: Filing, number: int, **changes: object) -> tuple[Sent, ...]:
    files = list(state.files)
    files[number] = replace(files[number], **changes)  # type: ignore[arg-type]
    return tuple(files)
