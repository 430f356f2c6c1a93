"""What a person may order when a report waits for people, or is to be taken back. Each order belongs in the ledger."""

from dataclasses import replace

from rempart.errors import Conflict, UserMistake
from rempart.reporting.cybertip.filing import Filing
from rempart.reporting.cybertip.steps import cleared


def go_on(filing: Filing) -> Filing:
    """The report goes on with the step at which it stopped. Raises Conflict when it does not wait for people."""
    _waits(filing)
    return replace(filing, phase=filing.stopped_in or "draft", tries=0, not_before=None, restarts=0, problems=())


def begin_again(filing: Filing, *, not_finished_says: str | None = None) -> Filing:
    """A new report follows, after the open one has been taken back.

    not_finished_says: who learnt from the authority that the report is not finished; needed where that is unclear.
    Raises Conflict when the report does not wait for people, or when a second report could be made.
    """
    _waits(filing)
    if filing.finish_unclear and not (not_finished_says or "").strip():
        raise Conflict("this report may be finished already; ask the authority and name who learnt that it is not")
    fresh = replace(filing, restarts=0, tries=0, not_before=None, reason="", problems=(), finish_unclear=False)
    if filing.report_id is None:
        return replace(fresh, phase="draft")
    return replace(fresh, phase="retracting", after_retraction="again")


def take_back(filing: Filing) -> Filing:
    """The report is retracted and nothing follows. Raises Conflict when it is finished, or may be."""
    if filing.phase == "finished" or filing.finish_unclear or filing.called == "finish":
        raise Conflict(
            "this report is finished, or may be; a finished report cannot be retracted: write to the authority"
        )
    if filing.called is not None:
        raise Conflict("a call about this report is under way; let it end, then take the report back")
    if filing.report_id is None:
        return replace(cleared(filing), phase="retracted")
    return replace(filing, phase="retracting", after_retraction="end", tries=0, not_before=None)


def _waits(filing: Filing) -> None:
    if filing.phase != "needs-people":
        raise UserMistake(f"this report is `{filing.phase}` and waits for nobody; there is nothing to order")
