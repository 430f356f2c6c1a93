"""A decided case about purple dragons, the same at every call: what the reference pages of recipients are made from."""

from datetime import UTC, datetime, timedelta

from rempart.facts.report import CaseView, FileView, NoticeView, PlaceView

DECIDED = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
OPTIONS = {
    "desk": {
        "name": "Dragon Watch",
        "country": "FR",
        "contact_name": "Ada Purple",
        "contact_email": "ada@dragon.example",
        "contact_phone": "+33 1 99 00 00 00",
        "legal_url": "https://dragon.example/terms",
    }
}


def sample_case() -> CaseView:
    """Case 12: one picture, seen at one public place, told of by one account's host."""
    return CaseView(
        case_id=12,
        organisation=1,
        kind="media",
        opened_at=DECIDED - timedelta(hours=2),
        decided_at=DECIDED,
        outcome="illegal_baseline",
        taxonomy="baseline@1",
        code="baseline",
        mapping={},
        answers={"public": True},
        reason="a purple dragon",
        reviewer="R-ADA",
        files=(
            FileView(
                media_id=3,
                vault_id="sample",
                name="dragon.png",
                media_type="image/png",
                size_bytes=2048,
                received_at=DECIDED - timedelta(hours=2),
                uploaded_at=DECIDED - timedelta(days=1),
                digests={"sha256": "ab" * 32, "md5": "cd" * 16},
                viewed=True,
                public=True,
                ai_evidence="verdict AI claimed; evidence: c2pa",
            ),
        ),
        places=(
            PlaceView(
                location_id=5,
                url="https://pictures.dragon.example/purple.png",
                host="pictures.dragon.example",
                seen_at=DECIDED - timedelta(hours=1),
                address="192.0.2.7",
                country="NL",
                provider="AS64500 Example Hosting",
                via_proxy=False,
            ),
        ),
        notices=(NoticeView("RMP-7", "public", "drawing", DECIDED - timedelta(hours=2), trusted=False),),
        accounts=(
            {
                "role": "reported",
                "service": "dragon.example",
                "id": "u-1",
                "screen_name": "purple",
                "addresses": [{"address": "198.51.100.9", "port": 4433, "event": "upload"}],
                "source": "host",
                "told_at": "2026-11-22T08:00:00+00:00",
            },
        ),
    )
