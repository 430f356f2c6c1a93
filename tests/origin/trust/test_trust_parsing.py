"""Lists of whom to believe: read strictly, refused with a sentence that says what to do."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from rempart.errors import UserMistake
from rempart.origin.trust import Denial, Product
from rempart.origin.trust_parsing import allowed_leaves, authorities, denials, iso_date, products
from rempart.testing.signing import authority

ROOT, OTHER = authority("Root"), authority("Other")


def service(root, status="http://c2pa.org/conformance/trust-list/trusted"):
    value = base64.b64encode(root.certificate.public_bytes(Encoding.DER)).decode()
    identity = {"X509Certificates": [{"val": value}]}
    return {"ServiceInformation": {"ServiceDigitalIdentity": identity, "ServiceStatus": status}}


def trust_list(*services):
    about = {"ListIssueDateTime": "2026-08-05T00:11:39Z", "NextUpdate": "2027-08-05T00:11:39Z"}
    entities = [{"TrustedEntityServices": list(services)}]
    return json.dumps({"LoTE": {"ListAndSchemeInformation": about, "TrustedEntitiesList": entities}}).encode()


def test_a_bundle_gives_its_certificates_and_leaves_out_what_stands_between():
    found = authorities(f"# Company\n{ROOT.pem}\ntext\n{OTHER.pem}".encode())
    assert found.count == 2
    assert "Company" not in found.pem


def test_a_trust_list_in_json_gives_its_certificates_and_dates():
    found = authorities(trust_list(service(ROOT), service(OTHER)))
    assert (found.count, found.issued, found.next_update) == (2, "2026-08-05", "2027-08-05")
    assert authorities(found.pem.encode()).pem == authorities((ROOT.pem + OTHER.pem).encode()).pem


def test_a_service_that_is_no_longer_trusted_is_left_out():
    withdrawn = service(OTHER, "http://c2pa.org/conformance/trust-list/withdrawn")
    assert authorities(trust_list(service(ROOT), withdrawn)).count == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no certificate",
        b"\xff\xfe\x00",
        b"{",
        b'{"LoTE": 3}',
        b'{"LoTE": {"ListAndSchemeInformation": {}}}',
        trust_list(),
        trust_list({"ServiceInformation": 3}),
        ROOT.pem.encode()[:-60],
        ROOT.pem.replace("M", "!", 1).encode(),
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        b"[" * 100_000,
        b"{" * 100_000,
    ],
)
def test_what_is_no_trust_list_is_refused(content):
    with pytest.raises(UserMistake):
        authorities(content)


def test_allowed_leaves_are_certificates_and_hashes():
    line = base64.b64encode(bytes(32)).decode()
    assert allowed_leaves(f"## note\n# NAME\n{line}\n".encode()) == line + "\n"
    assert allowed_leaves(ROOT.pem.encode()).count("BEGIN") == 1


@pytest.mark.parametrize("content", [b"", b"# only notes", b"AAAA", b"not base64 of a hash"])
def test_what_allows_nothing_is_refused(content):
    with pytest.raises(UserMistake):
        allowed_leaves(content)


RECORD = {
    "recordId": "0197aa34-665b-7811-9bbc-317cfd988d0a",
    "product": {
        "productType": "generatorProduct",
        "DN": {"CN": "Test Camera", "O": "Tests", "C": "FR"},
        "assurance": {"maxAssuranceLevel": 2},
        "disallowedSignals": {"inception": ["capturedMedia"]},
    },
}


def test_products_keep_their_level_and_what_they_may_not_claim():
    assert products(json.dumps([RECORD]).encode()) == (
        Product(RECORD["recordId"], "Test Camera", 2, frozenset({"capturedMedia"})),
    )


def test_an_older_record_without_these_fields_is_read():
    old = {"recordId": "x", "product": {"DN": {"CN": "Old"}}}
    assert products(json.dumps([old]).encode()) == (Product("x", "Old"),)


@pytest.mark.parametrize("content", [b"[]", b"{}", b"[3]", b'[{"recordId": 3, "product": {}}]', b'[{"recordId": "x"}]'])
def test_what_is_no_list_of_products_is_refused(content):
    with pytest.raises(UserMistake):
        products(content)


def test_a_signal_list_that_is_no_list_is_refused_by_its_number():
    spoilt = {**RECORD, "product": {**RECORD["product"], "disallowedSignals": {"inception": "capturedMedia"}}}
    with pytest.raises(UserMistake, match="record 2"):
        products(json.dumps([RECORD, spoilt]).encode())


TOML = """
[[deny]]
issuer = "Test CA"
serial = "0xff"
since = 2025-08-01
until = "2025-09-30"
why = "multiple exposure mode signed foreign pictures"

[[deny]]
serial = 12
"""


def test_a_deny_list_is_read_in_toml_and_in_json():
    expected = (
        Denial("Test CA", "255", "2025-08-01", "2025-09-30", "multiple exposure mode signed foreign pictures"),
        Denial("", "12"),
    )
    assert denials(TOML.encode()) == expected
    entries = [
        {"issuer": d.issuer, "serial": d.serial, "since": d.since, "until": d.until, "why": d.why} for d in expected
    ]
    assert denials(json.dumps({"deny": entries}).encode()) == expected


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ({}, "neither issuer nor serial"),
        ({"serial": "12z"}, "no number"),
        ({"serial": "1", "sinc": "2025-01-01"}, "key that means nothing"),
        ({"serial": "1", "since": "summer"}, "not a date"),
        ({"serial": "1", "since": "2025-09-01", "until": "2025-08-01"}, "ends before it begins"),
    ],
)
def test_an_entry_that_would_deny_nothing_or_too_much_is_refused_by_its_number(entry, why):
    with pytest.raises(UserMistake, match=f"entry 1.*{why}|{why}.*entry 1|entry 1"):
        denials(json.dumps({"deny": [entry]}).encode())
    with pytest.raises(UserMistake, match=why):
        denials(json.dumps({"deny": [entry]}).encode())


@pytest.mark.parametrize("content", [b"", b"deny = 3", b'{"deny": [3]}', b"[[deny]", b"{"])
def test_what_is_no_deny_list_is_refused(content):
    with pytest.raises(UserMistake):
        denials(content)


def test_dates_come_with_or_without_a_time():
    assert iso_date("2026-08-05T00:11:39Z", "x") == "2026-08-05"
    assert iso_date("", "x") == iso_date(None, "x") == ""
