"""Whether this signer may say this: the deny list and the list of conforming products."""

from datetime import datetime
from typing import Final

from rempart.facts.evidence import Claim, Signer
from rempart.origin.c2pa.certificates import Leaf
from rempart.origin.trust import Denial, Product, Trust

# The only claims that the list of conforming products can forbid.
GOVERNED: Final[frozenset[Claim]] = frozenset({"capturedMedia", "capturedMediaStitched", "nonGenAIDigitalCreation"})
UNLISTED_PRODUCT: Final = "rempart.product.unlisted"
LEVEL_ABOVE_PRODUCT: Final = "rempart.assuranceLevel.aboveProduct"


def signer_of(leaf: Leaf, trust: Trust, store: str, claim: Claim, *, at: datetime | None, revoked: bool) -> Signer:
    """Who signed, and whether that may be believed for this claim.

    at: the time of signing as a trusted authority stamped it. revoked: the manifest carries proof of it.
    """
    return Signer(
        name=leaf.name,
        cert_sha256=leaf.sha256,
        trust_store=store,
        assurance_level=leaf.assurance_level,
        product_record=leaf.product_record,
        product_allowed=_allowed(_product(leaf, trust), claim),
        denied=revoked or any(is_denied(leaf, denial, at) for denial in trust.denials),
    )


def is_denied(leaf: Leaf, denial: Denial, at: datetime | None) -> bool:
    """Whether the denial is about this certificate and a time when it may have signed.

    Without a trusted timestamp any time in its validity is possible: a signer's own clock is not believed.
    """
    if denial.issuer not in ("", leaf.issuer) or denial.serial not in ("", leaf.serial):
        return False
    first, last = ((at or bound).date().isoformat() for bound in (leaf.since, leaf.until))
    return (not denial.until or first <= denial.until) and (not denial.since or last >= denial.since)


def doubts(leaf: Leaf, trust: Trust) -> tuple[str, ...]:
    """Codes for what does not fit between the certificate and the list of products."""
    if not leaf.product_record or not trust.products:
        return ()
    product = _product(leaf, trust)
    if product is None:
        return (UNLISTED_PRODUCT,)
    most = product.max_assurance_level
    return (LEVEL_ABOVE_PRODUCT,) if most is not None and (leaf.assurance_level or 0) > most else ()


def _product(leaf: Leaf, trust: Trust) -> Product | None:
    if not leaf.product_record:
        return None
    return next((product for product in trust.products if product.record_id == leaf.product_record), None)


def _allowed(product: Product | None, claim: Claim) -> bool | None:
    """False when the list forbids the claim. A record that forbids nothing permits nothing: older ones are empty."""
    if product is None or claim not in GOVERNED or not product.disallowed_inception:
        return None
    return claim not in product.disallowed_inception
