"""Makers for the register of orders."""

from datetime import timedelta
from typing import Any

from rempart.cases.intake.urls import normalise
from rempart.cases.orders.records import Sent
from rempart.testing.desk import NOW


def make_order(reference: str = "2026-117", **changes: Any) -> Sent:
    """An order to remove a purple dragon. changes: whatever else it is to say."""
    given: dict[str, Any] = {
        "kind": "fr_removal",
        "authority": "OFAC",
        "reference": reference,
        "legal_basis": "LCEN 6-1",
        "received_at": NOW - timedelta(hours=1),
        "category": "abuse_material",
        "urls": (normalise("https://dragon.example/purple"),),
    }
    return Sent(**(given | changes))
