"""Rules are read word by word: what makes no sense is refused, and so is what would let AI evidence lower anything."""

import tomllib
from pathlib import Path
from random import Random

import pytest
from tests.cases.triage.saying import RULES

from rempart.cases.triage.rules import SHIPPED, load_rules, rules_of
from rempart.cases.triage.vocabulary import VOCABULARY
from rempart.errors import UserMistake

TEXT = SHIPPED.read_text()
HEAD = """
name = "tiny"
otherwise = 3
names = {0=["a","b"], 1=["a","b"], 2=["a","b"], 3=["a","b"], 4=["a","b"], 5=["a","b"]}
ageing = {points = 1, every_hours = 24}
sampling = {tiers = [3, 4, 5], daily_percent = 5}
"""
TIER = '[[tier]]\nid="t"\ntier=0\nen="x"\nfr="x"\nall=[{feature="urgent", is=true}]\n'
FIRST = '{ feature = "threat_to_life", is = true }'


def score(conditions: str, points: int = 5, part: str = "all") -> str:
    return f'[[score]]\nid="s"\npoints={points}\nen="x"\nfr="x"\n{part}=[{conditions}]\n'


def refusal(text: str) -> str:
    with pytest.raises(UserMistake) as caught:
        rules_of(text.encode())
    return str(caught.value)


def test_the_rules_that_ship_are_read() -> None:
    assert len(RULES.tiers) == TEXT.count("[[tier]]")
    assert len(RULES.scores) == TEXT.count("\n[[score]]")
    assert len(RULES.ties) == 5
    assert RULES.version.startswith("rempart-1@")
    assert (RULES.sampling.tiers, RULES.sampling.daily_share) == ((3, 4, 5), 0.05)
    assert RULES.tier_name(0, "fr") == "Imminent"


def test_another_text_is_another_version_and_the_same_text_the_same() -> None:
    assert rules_of((HEAD + TIER).encode()).version == rules_of((HEAD + TIER).encode()).version
    assert rules_of((HEAD + TIER).encode()).version != rules_of((HEAD + TIER + "# more").encode()).version


def test_rules_that_the_placing_of_a_case_names_are_told_in_words() -> None:
    assert RULES.sentence("t0-live", "en") == "it is streamed live"
    assert RULES.sentence("ageing", "fr") == "elle attend depuis longtemps"
    assert RULES.sentence("of-an-older-version", "en") == "of-an-older-version"


def test_every_shipped_rule_is_in_plain_words_of_both_languages() -> None:
    for rule in (*RULES.tiers, *RULES.scores, *RULES.ties):
        assert rule.en != rule.fr or rule.en == "", rule.id
        assert not rule.en.endswith("."), rule.id
        assert len(rule.en) <= 90, rule.id


@pytest.mark.parametrize("section", ["tier", "score"])
@pytest.mark.parametrize("part", ["all", "any", "none"])
@pytest.mark.parametrize("test", ['is = "A"', 'in = ["A", "B"]', "known = true", "known = false"])
def test_ai_evidence_is_refused_everywhere_but_in_ties(section: str, part: str, test: str) -> None:
    number = "tier = 5" if section == "tier" else "points = -20"
    rule = f'[[{section}]]\nid="ai-last"\n{number}\nen="x"\nfr="x"\n{part}=[{{feature="ai_evidence", {test}}}]\n'
    assert "AI evidence never changes a tier or a score" in refusal(HEAD + TIER + rule)
    tie = rule.replace(f"[[{section}]]", "[[tie]]").replace("tier = 5", "points = -1")
    assert len(rules_of((HEAD + TIER + tie).encode()).ties) == 1


@pytest.mark.parametrize("name", [one.name for one in VOCABULARY.values() if one.raises])
def test_what_ai_evidence_is_a_part_of_may_only_bring_forward(name: str) -> None:
    asked = f'{{feature="{name}", is=true}}'
    assert rules_of((HEAD + TIER + score(asked)).encode()).scores
    for lowering in (
        score(asked, -5),
        score(asked, 5, "none"),
        score(f'{{feature="{name}", is=false}}'),
        score(f'{{feature="{name}", known=false}}'),
        score(f'{{feature="{name}", is=true, every=true}}'),
        score(asked, -5, "none"),
        TIER.replace('"t"', '"t2"').replace("all=[", f"none=[{asked}]\nall=["),
    ):
        assert "may only bring a case forward" in refusal(HEAD + TIER + lowering)
    behind = TIER.replace('"t"', '"t2"').replace("tier=0", "tier=4").replace('{feature="urgent", is=true}', asked)
    assert "behind `otherwise`" in refusal(HEAD + TIER + behind)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('name = "rempart-1"', 'name = "Rempart 1"'), "`name` is missing or no name"),
        (("otherwise = 3", "otherwise = 6"), "no whole number from 0 to 5"),
        (("otherwise = 3", "otherwise = true"), "no whole number"),
        (('5 = ["Known, id', '6 = ["Known, id'), "does not say what tier 5 is called"),
        (("points = 1\n", "points = 0\n"), "[ageing] points"),
        (("every_hours = 168", "every_hours = 0"), "[ageing] every_hours"),
        (("daily_percent = 5", "daily_percent = 4"), "from 5 to 100"),
        (("tiers = [3, 4, 5]", "tiers = []"), "no list of tiers"),
        (("tiers = [3, 4, 5]", "tiers = [true]"), "no list of tiers"),
        (("tiers = [3, 4, 5]", "tiers = [3.0]"), "no list of tiers"),
        (('id = "t0-threat"', 'id = "t0-live"'), "two rules are called `t0-live`"),
        (('id = "t0-threat"', 'id = "ageing"'), "built in"),
        (('id = "t0-threat"\ntier = 0', 'id = "t0-threat"\ntier = 1'), "out of order"),
        (('id = "t0-threat"', 'id = ""'), "no `id`"),
        (("threat_to_life", "threat"), "there is no feature `threat`"),
        ((FIRST, '{ feature = "threat_to_life" }'), "needs one test, not 0"),
        ((FIRST, '{ feature = "threat_to_life", is = true, known = true }'), "needs one test, not 2"),
        ((FIRST, '{ feature = "threat_to_life", is = "yes" }'), "true or false"),
        ((FIRST, '{ feature = "threat_to_life", at_least = 1 }'), "cannot be asked `at_least`"),
        ((FIRST, '{ feature = "threat_to_life", in = [] }'), "`in` is a list"),
        ((FIRST, '{ feature = "novelty", is = "new" }'), "one of exact, near"),
        ((FIRST, '{ feature = "novelty", is = nan }'), "one of exact, near"),
        ((FIRST, '{ feature = "submissions", at_most = -1 }'), "no whole number"),
        ((FIRST, '{ feature = "submissions", at_most = 1.5 }'), "no whole number"),
        ((FIRST, '{ feature = "evidence_expires", is = 1979-05-27T07:32:00Z }'), "a time such as"),
        ((FIRST, "7"), "names no feature"),
        ((FIRST, '{ feature = "threat_to_life", known = 1 }'), "`known` is true or false"),
        ((f"any = [{FIRST}]", 'any = "all"'), "conditions are a list"),
        ((f"any = [{FIRST}]", "any = []"), "asks for nothing"),
        ((f"any = [{FIRST}]", f"some = [{FIRST}]"), "means nothing"),
        (("[ageing]", "[aging]"), "means nothing"),
        (('fr = "diffusion en direct"', 'fr = " "'), "no sentence in English and French"),
        (("\n[[tie]]", "\n[tie]"), "no TOML"),
    ],
)
def test_a_mistake_is_named_with_its_rule(change: tuple[str, str], says: str) -> None:
    assert change[0] in TEXT
    assert says in refusal(TEXT.replace(*change, 1))


def test_a_file_of_mistakes_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("name = 1")
    with pytest.raises(UserMistake, match=r"mine\.toml.*`name`"):
        load_rules(tmp_path / "mine.toml")
    with pytest.raises(UserMistake, match="cannot be read"):
        load_rules(tmp_path / "none.toml")
    with pytest.raises(UserMistake, match="cannot be read"):
        load_rules(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\xfe",
        b"\x00" * 64,
        b"name = " + b"9" * 5000,
        b"name = " + b"[" * 5000,
        b"name = " + b"{a = " * 3000,
        b"[" + b"a." * 5000 + b"a]",
        b"a" * 1_000_000,
        b"tier = [1]",
        b'tier = {id = "x"}',
        b'name = "x"\nnames = 3',
    ],
)
def test_hostile_files_are_refused_in_words(text: bytes) -> None:
    with pytest.raises(UserMistake):
        rules_of(text)


def test_a_file_with_any_wound_is_read_or_refused_and_never_breaks() -> None:
    chance = Random(4)
    words = [b"true", b"-1", b'"A"', b"[]", b"{}", b"[[tier]]", b"=", b"ai_evidence", b"\xc3", b"1e9", b"nan", b'"']
    read = 0
    for _ in range(400):
        text = bytearray(TEXT.encode())
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(text))
            text[at : at + chance.randrange(12)] = chance.choice([chance.choice(words), chance.randbytes(2), b""])
        try:
            rules = rules_of(bytes(text))
        except UserMistake:
            continue
        read += 1
        assert not any(one.feature == "ai_evidence" for rule in (*rules.tiers, *rules.scores) for one in asked(rule))
    assert 0 < read < 400


def asked(rule: object) -> tuple[object, ...]:
    return (*rule.needs, *rule.one_of, *rule.unless)  # type: ignore[attr-defined]


def test_what_ships_is_what_a_reader_of_toml_sees() -> None:
    tree = tomllib.loads(TEXT)
    assert [rule["id"] for rule in tree["tier"]] == [rule.id for rule in RULES.tiers]
    assert {rule["id"]: rule["points"] for rule in tree["score"]} == {rule.id: rule.number for rule in RULES.scores}
