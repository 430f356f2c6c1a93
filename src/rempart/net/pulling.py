"""Fetching a file from a host that the operator allowed: whole, or a sentence that says what to do."""

from rempart.errors import NotAllowed, NotFound, Unavailable, UserMistake
from rempart.net.answers import Answer, NoAnswer
from rempart.net.outbound import Outbound
from rempart.net.places import place_of
from rempart.net.trying import retry_after_seconds


def pulled(outbound: Outbound, url: str, max_bytes: int) -> bytes:
    """The content at this address. Raises NotAllowed, NotFound, UserMistake or Unavailable; it is never in parts."""
    host = place_of(url).named
    answer = outbound.request("GET", url, again=True, max_answer_bytes=max_bytes)
    _check(answer, host, retry_after_seconds(answer, outbound.clock()))
    if answer.cut == "size":
        raise UserMistake(f"{host} gives a file larger than {max_bytes // 2**20} MiB; check the address")
    if not answer.whole:
        raise NoAnswer(f"{host} broke off in the middle of the file; try again")
    return answer.body


def _check(answer: Answer, host: str, retry_after: float | None) -> None:
    match answer.status:
        case 200:
            return
        case 301 | 302 | 303 | 307 | 308:
            raise UserMistake(f"{host} has the file at another address; pull it from where it is now")
        case 401 | 403:
            raise NotAllowed(f"{host} gives the file not to everybody; fetch it by hand and import it as a file")
        case 404 | 410:
            raise NotFound(f"{host} has no such file; check the address")
        case status if status == 429 or status >= 500:
            raise Unavailable(f"{host} cannot give the file now (status {status}); try again later", retry_after)
        case status:
            raise UserMistake(f"{host} answers with status {status}; check the address")
