"""A certification authority made at test time, and pictures signed under it. No key is ever written down."""

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal

import c2pa
import cbor2
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa, utils
from cryptography.x509.oid import NameOID

from rempart.origin.c2pa.jumbf import parsed, store_in
from rempart.origin.containers import walk

CLAIM_SIGNING: Final = "1.3.6.1.4.1.62558.2.1"
DOCUMENT_SIGNING: Final = "1.3.6.1.5.5.7.3.36"
EMAIL_PROTECTION: Final = "1.3.6.1.5.5.7.3.4"
DIGITAL_SOURCE_TYPE: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_SINCE, _UNTIL = datetime(2025, 1, 1, tzinfo=UTC), datetime(2045, 1, 1, tzinfo=UTC)
_ASSURANCE_LEVEL, _PRODUCT_RECORD = "1.3.6.1.4.1.62558.3", "1.3.6.1.4.1.62558.4"
_LEVEL_VALUE: Final = {1: bytes.fromhex("060a2b0601040183e85e030a"), 2: bytes.fromhex("060a2b0601040183e85e0314")}
_UTF8_STRING = 0x0C
IssuingKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True, slots=True)
class Credential:
    """A leaf certificate with its chain (leaf first, root left out) and its key."""

    certificate: x509.Certificate
    chain_pem: str = field(repr=False)
    key: ec.EllipticCurvePrivateKey = field(repr=False)

    @property
    def serial(self) -> str:
        """The serial number in decimal, as the deny list has it."""
        return str(self.certificate.serial_number)


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate that issues others; `pem` is what a trust store would hold."""

    certificate: x509.Certificate
    key: IssuingKey = field(repr=False)
    above_pem: str = field(default="", repr=False)

    @property
    def pem(self) -> str:
        """The authority's own certificate."""
        return _pem(self.certificate)

    @property
    def name(self) -> str:
        """Its common name, as the deny list has it."""
        return _common_name(self.certificate)

    def issue(
        self,
        name: str = "Test signer",
        *,
        usages: Sequence[str] = (CLAIM_SIGNING,),
        assurance_level: int | None = None,
        product_record: str = "",
        valid: tuple[datetime, datetime] = (_SINCE, _UNTIL),
        key: ec.EllipticCurvePrivateKey | None = None,
    ) -> Credential:
        """A signer's credential. assurance_level and product_record go into the extensions that C2PA defines."""
        key = key or ec.generate_private_key(ec.SECP256R1())
        builder = _begun(name, self.certificate.subject, key, valid)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(_usage(digital_signature=True), critical=True)
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([x509.ObjectIdentifier(u) for u in usages]), critical=False
        )
        builder = builder.add_extension(_identifier_of(self.key), critical=False)
        if assurance_level is not None:
            builder = _with_extension(builder, _ASSURANCE_LEVEL, _LEVEL_VALUE[assurance_level])
        if product_record:
            encoded = product_record.encode()
            builder = _with_extension(builder, _PRODUCT_RECORD, bytes([_UTF8_STRING, len(encoded)]) + encoded)
        certificate = builder.sign(self.key, hashes.SHA256())
        return Credential(certificate, _pem(certificate) + self.above_pem, key)

    def subordinate(self, name: str = "Test issuing authority") -> "Authority":
        """An authority below this one; its leaves carry it in their chain."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _authority_of(name, key, self.certificate.subject, self.key)
        return Authority(certificate, key, _pem(certificate) + self.above_pem)


def authority(name: str = "Test root", key: IssuingKey | None = None) -> Authority:
    """A new root, with a new key unless one is given."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    return Authority(_authority_of(name, key, _named(name), key), key)


@dataclass(frozen=True, slots=True)
class Action:
    """One action of a manifest.

    source_type: the last segment of a DigitalSourceType, or a whole URI. parts: numbers of the ingredients it used.
    """

    name: str = "c2pa.created"
    source_type: str = ""
    parts: tuple[int, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The action as the SDK takes it."""
        uri = self.source_type if "/" in self.source_type else DIGITAL_SOURCE_TYPE + self.source_type
        used = {"parameters": {"ingredientIds": [f"part-{number}" for number in self.parts]}}
        return (
            {"action": self.name}
            | ({"digitalSourceType": uri} if self.source_type else {})
            | (used if self.parts else {})
        )


OPENED: Final = Action("c2pa.opened", parts=(0,))


@dataclass(frozen=True, slots=True)
class Ingredient:
    """A picture that went into another."""

    data: bytes = field(repr=False)
    media_type: str = "image/jpeg"
    relationship: Literal["parentOf", "componentOf", "inputTo"] = "parentOf"


def sign(
    data: bytes,
    media_type: str,
    credential: Credential,
    actions: Sequence[Action] = (Action("c2pa.created", "digitalCapture"),),
    *,
    ingredients: Sequence[Ingredient] = (),
    created: bool = True,
    remote_url: str = "",
    assertions: Sequence[dict[str, Any]] = (),
) -> bytes:
    """The picture with a manifest that says so.

    created: the signer makes the actions its own claim; otherwise they land among the gathered ones.
    remote_url: the manifest is left out of the file and only its address is put in.
    """
    said = [*assertions]
    if actions:
        said.append({"label": "c2pa.actions", "data": {"actions": [action.as_json() for action in actions]}})
    generator = [{"name": "Rempart tests", "version": "1"}]
    manifest = {"claim_generator_info": generator, "format": media_type, "assertions": said}
    with c2pa.Context.from_dict(_settings(created)) as context, c2pa.Builder(json.dumps(manifest), context) as builder:
        for number, ingredient in enumerate(ingredients):
            label = f"part-{number}"
            described = {"title": label, "label": label, "relationship": ingredient.relationship}
            builder.add_ingredient(json.dumps(described), ingredient.media_type, io.BytesIO(ingredient.data))
        if remote_url:
            builder.set_no_embed()
            builder.set_remote_url(remote_url)
        out = io.BytesIO()
        builder.sign(_signer(credential), media_type, io.BytesIO(data), out)
        return out.getvalue()


def signed_with_anything(data: bytes, root: Authority, actions: Sequence[Action], **wanted: Any) -> bytes:
    """A JPEG signed under the root by a certificate that the SDK refuses to sign with: a forger does not ask it.

    wanted: as for `Authority.issue`. A flawless twin signs; then certificate and signature are put in its place.
    """
    twin = root.issue("Twin", usages=(EMAIL_PROTECTION,))
    signed = sign(data, "image/jpeg", twin, actions)
    own = next(one for one in _similar(root, twin, wanted) if len(_der(one)) == len(_der(twin)))
    manifest = parsed(store_in(walk(signed, "image/jpeg").segments)[0]).children[-1]
    claim = next(manifest.named("c2pa.claim.v2")).cbor()
    before = next(manifest.named("c2pa.signature")).cbor()
    replaced = before.replace(_der(twin), _der(own))
    protected = cbor2.loads(replaced).value[0]
    message = cbor2.dumps(["Signature1", protected, b"", claim])
    r, s = utils.decode_dss_signature(own.key.sign(message, ec.ECDSA(hashes.SHA256())))
    return signed.replace(before, replaced[:-64] + r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def _similar(root: Authority, twin: Credential, wanted: dict[str, Any]) -> Iterator[Credential]:
    """Certificates of the twin's key, whose lengths vary by a few bytes with their random serials and signatures."""
    while True:
        yield root.issue("Twin", key=twin.key, **{"usages": (EMAIL_PROTECTION,), **wanted})


def _der(credential: Credential) -> bytes:
    return credential.certificate.public_bytes(serialization.Encoding.DER)


def _signer(credential: Credential) -> c2pa.Signer:
    def signature(message: bytes) -> bytes:
        return credential.key.sign(message, ec.ECDSA(hashes.SHA256()))

    return c2pa.Signer.from_callback(signature, c2pa.C2paSigningAlg.ES256, credential.chain_pem)


def _settings(created: bool) -> dict[str, Any]:
    """Offline, without thumbnails (they need a decoder and time), and without reading the result again."""
    return {
        "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_after_sign": False},
        "core": {"allowed_network_hosts": []},
        "trust": {"trust_config": "\n".join((CLAIM_SIGNING, DOCUMENT_SIGNING, EMAIL_PROTECTION, ""))},
        "builder": {
            "thumbnail": {"enabled": False},
            "created_assertion_labels": ["c2pa.actions"] if created else [],
        },
    }


def _authority_of(name: str, key: IssuingKey, issuer: x509.Name, issuing: IssuingKey) -> x509.Certificate:
    builder = _begun(name, issuer, key, (_SINCE, _UNTIL))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    builder = builder.add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
    return builder.add_extension(_identifier_of(issuing), critical=False).sign(issuing, hashes.SHA256())


def _begun(name: str, issuer: x509.Name, key: IssuingKey, valid: tuple[datetime, datetime]) -> x509.CertificateBuilder:
    """What every certificate here has."""
    builder = x509.CertificateBuilder().subject_name(_named(name)).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(valid[0]).not_valid_after(valid[1])
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


def _identifier_of(issuing: IssuingKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(issuing.public_key())


def _with_extension(builder: x509.CertificateBuilder, oid: str, value: bytes) -> x509.CertificateBuilder:
    return builder.add_extension(x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), value), critical=False)


def _named(common_name: str) -> x509.Name:
    pairs = (
        (NameOID.COUNTRY_NAME, "FR"),
        (NameOID.ORGANIZATION_NAME, "Rempart tests"),
        (NameOID.COMMON_NAME, common_name),
    )
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in pairs])


def _common_name(certificate: x509.Certificate) -> str:
    return str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def _usage(*, digital_signature: bool = False, key_cert_sign: bool = False, crl_sign: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _usages(oids: Sequence[str]) -> x509.ExtendedKeyUsage:
    return x509.ExtendedKeyUsage([x509.ObjectIdentifier(oid) for oid in oids])
