"""Write the reference pages from the code. `--check` fails when one is stale."""

import re
import sys
from pathlib import Path
from typing import Any

import typer

from rempart import settings, thresholds
from rempart.cases.bundles import schema
from rempart.cases.bundles.profiles import profiles as profiles_of_bundles
from rempart.cases.review.taxonomy import VOCABULARIES, profiles
from rempart.cases.transparency.measures import MEASURES
from rempart.cli.main import app
from rempart.facts import reasons
from rempart.facts.people import ROLES
from rempart.law import Law, laws
from rempart.web.access import Access, access_of

FOLDER = Path(__file__).parent.parent / "docs" / "reference"
MADE = "*This page is written by `make golden` from the code.*\n"


def commands() -> str:
    """Every command with its options, in the order of `rempart --help`."""
    group = typer.main.get_command(app)
    parts = ["# Commands\n", MADE]
    for name, command in _commands(group, "rempart"):
        parts.append(f"\n## `{name}`\n\n{_help(command)}\n")
        rows = [_parameter(parameter) for parameter in command.params if parameter.name not in ("help",)]
        if rows:
            parts.append("| parameter | meaning |\n|---|---|\n" + "\n".join(rows) + "\n")
        if command.epilog:
            parts.append(f"\n{_example(command.epilog)}\n")
    parts.append(EXIT_CODES)
    return "\n".join(parts)


EXIT_CODES = """
## Exit codes

| code | meaning |
|---|---|
| 0 | done, nothing found |
| 1 | broken: damaged data, a failed check, a bug |
| 2 | the command cannot be carried out as asked; the sentence says how to ask |
| 3 | something outside is missing or full |
| 10 | done, and at least one item matched |
| 130 | stopped by you; the same command goes on where it was |
"""


def _commands(group: Any, prefix: str) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, command in group.commands.items() if hasattr(group, "commands") else ():
        if command.hidden:
            continue
        inner = _commands(command, f"{prefix} {name}")
        by_itself = [(f"{prefix} {name}", command)] if not inner or command.invoke_without_command else []
        found.extend([*by_itself, *inner])
    return found


def _help(command: Any) -> str:
    return re.sub(r"\n\s+", "\n", (command.help or "").strip())


def _parameter(parameter: Any) -> str:
    names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
    if parameter.param_type_name == "argument":
        names = f"`{(parameter.name or '').upper()}`"
    return f"| {names} | {getattr(parameter, 'help', '') or ''} |"


def _example(epilog: str) -> str:
    return f"Example: `{epilog.removeprefix('Example: ')}`"


def settings_page() -> str:
    """Every setting with its default."""
    fields = settings.table(settings.Settings.model_construct(**_defaults()))
    rows = "\n".join(f"| `{name}` | {value or '-'} | {text} |" for name, value, text in fields)
    lead = "Settings are read once from the environment; `rempart settings` prints the ones in force.\n"
    return f"# Settings\n\n{MADE}\n{lead}\n| variable | default | meaning |\n|---|---|---|\n{rows}\n"


def _defaults() -> dict[str, object]:
    """Defaults that do not depend on the machine this runs on."""
    return {
        "data_folder": "`~/.local/share/rempart`",
        "memory_folder": "`/dev/shm/rempart-UID`",
        "workers": "one per core",
        "limits": settings.LimitSettings(),
    }


def thresholds_page() -> str:
    """Every number that decides, with its source."""
    rows = "\n".join(
        f"| `{name}` | {t.value} {t.unit} | {t.scope} | {t.source} ({t.as_of}) |" for name, t in thresholds.ALL.items()
    )
    lead = "Every number that decides an outcome stands in `src/rempart/thresholds.py`.\n"
    return f"# Thresholds\n\n{MADE}\n{lead}\n| name | value | scope | source |\n|---|---|---|---|\n{rows}\n"


def reasons_page() -> str:
    """The closed vocabulary of reasons."""
    rows = "\n".join(f"| `{code}` | {meaning} |" for code, meaning in reasons.MEANING.items())
    lead = (
        "An item that did not match and could not be examined whole ends as `not_examined` with a reason: `code` or\n"
        "`code: detail`. The codes are these and no others.\n"
    )
    return f"# Reasons\n\n{MADE}\n{lead}\n| code | meaning |\n|---|---|\n{rows}\n"


def survival_page() -> str:
    """Which evidence of origin is still there after which edit; measured anew each time this page is written."""
    from rempart.testing.origin_survival import run

    table = run()
    edits = list(table)
    rows = "\n".join(
        f"| {name} | " + " | ".join("yes" if table[edit].get(name) else "-" for edit in edits) + " |"
        for name in sorted({name for found in table.values() for name in found})
    )
    head = "| carrier | " + " | ".join(edits) + " |\n|---|" + "---|" * len(edits)
    lead = (
        "Each convention, placed in its first two containers, before and after an edit; yes: still found in at\n"
        "least one. `rempart origin selftest` prints the same. That nothing is found says nothing about a picture.\n"
    )
    return f"# What survives\n\n{MADE}\n{lead}\n{head}\n{rows}\n"


def access_page() -> str:
    """Who may call which route: the declarations that the server checks, and the tests of every route are made from."""
    from rempart.web.registry import ROUTERS

    routes = sorted((route for router in ROUTERS for route in router.routes), key=lambda route: route.path)
    rows = "\n".join(_access_row(route) for route in routes)
    head = "| address | what comes back | nobody | " + " | ".join(ROLES) + " | token with |"
    rule = "|---" * (len(ROLES) + 4) + "|"
    return f"# Access\n\n{MADE}\n{ACCESS_LEAD}\n{head}\n{rule}\n{rows}\n"


ACCESS_LEAD = """Every route declares who may call it; one that does not stops the start of the server.

A caller who may not is answered 401 (not signed in, or no token), 403 (signed in, but not for this), or sent to the
page for signing in. A record of another organisation is not there: 404. Whatever a person sends has to carry the key
of their session's forms and come from a page of this server; whatever anybody may send is limited to a number an hour
for each address (429 with Retry-After). Nobody but reviewers, senior reviewers and supervisors ever sees media.
"""


def _access_row(route: Any) -> str:
    access = access_of(route) or Access()
    method = " ".join(sorted(route.methods - {"HEAD"}))
    people = ["yes" if access.anyone or role in access.roles else "-" for role in ROLES]
    token = "any" if access.anyone else ", ".join(f"`{scope}`" for scope in access.scopes) or "-"
    what = (route.endpoint.__doc__ or "").splitlines()[0]
    nobody = "yes" if access.anyone else "-"
    return f"| {method} `{route.path}` | {what} | {nobody} | {' | '.join(people)} | {token} |"


def transparency_page() -> str:
    """Every measure of the transparency export, and what the law asks for that no measure can say."""
    rows = "\n".join(
        f"| `{one.section}` | `{one.name}` | {f'`{one.what}`' if one.what else '-'} | {one.unit} | {one.means} "
        f"| {one.law or '-'} |"
        for one in MEASURES
    )
    head = "| section | measure | what | unit | meaning | DSA |\n|---|---|---|---|---|---|"
    asked = "\n".join(f"| {what} | {article} | {here} |" for what, article, here in ASKED)
    besides = f"{BESIDES}\n| asked for | article | here |\n|---|---|---|\n{asked}\n"
    return f"# Transparency figures\n\n{MADE}\n{TRANSPARENCY}\n## Measures\n\n{head}\n{rows}\n{besides}"


TRANSPARENCY = """Figures to publish, from `/transparency`, `GET /v1/figures` (scope `figures`) or
`rempart figures export --from 2026-01-01 --to 2026-12-31 --format csv`. They are recomputed from the ledger each
time, and from nothing else: whoever changes a row changes no published number. The file says up to which entry of the
ledger it was computed, and that entry's hash; with `rempart audit verify` both can be checked later.

## Columns

| column | meaning |
|---|---|
| `section`, `measure` | what is counted: see below |
| `what` | which part of it, words joined by `/`, such as `public/abuse_material`; empty for the whole |
| `number` | a whole number; a share from 0 to 1 |
| `unit` | of what |

CSV is RFC 4180 in UTF-8 with a header. JSON has the same rows in `figures`, with `version`, `organisation`, `from`,
`to`, `made_at` and `ledger`. A period has whole days, UTC; something counts in the period in which it happened. A
measure without a row could not be measured: a median of nothing is no number. Medians and percentiles are by nearest
rank: numbers that were really measured. Shares come with Wilson's interval of 95 %.

What was undone within its time counts as undone, and nowhere else. Cases of a cluster count each; the judgement counts
once. Screening is written into the ledger once a day has ended: the figures of today lack it.
"""
BESIDES = """
## What the Digital Services Act asks for besides

Articles 15, 24 and 42 and Implementing Regulation (EU) 2024/2835 ask for more than a desk can know. The official
template has ten CSV files whose column names we do not have: take it from the Commission, and fill it from these
measures. Small numbers can point at people: before you publish, look at rows of one or two.
"""
# (what is asked for, article, what there is here)
ASKED = (
    (
        "orders by Member State and type of illegal content",
        "15(1)(a)",
        "by kind of order; the authority stands in the register of orders, not in the ledger",
    ),
    ("notices, those of trusted flaggers, action by ground", "15(1)(b)", "yes; law and terms differ by the outcome"),
    ("notices processed by automated means only", "15(1)(b)", "none: a person judges every case"),
    ("own-initiative moderation", "15(1)(c)", "screening and actions; the rest is yours to add"),
    ("training and assistance of moderators", "15(1)(c)", "a text of yours"),
    ("complaints, basis, decisions, median time, reversals", "15(1)(d)", "yes"),
    (
        "automated means: purposes, accuracy, error, safeguards",
        "15(1)(e)",
        "shares with bounds, of cases that a match opened and people judged",
    ),
    (
        "disputes before out-of-court bodies, outcomes, time, share implemented",
        "24(1)(a)",
        "outcomes as recorded on appeals",
    ),
    ("suspensions for misuse", "24(1)(b)", "not recorded here"),
    ("average monthly active recipients", "24(2)", "not known"),
    ("moderators by language and their qualifications", "42(2)", "not known"),
)


def taxonomies_page() -> str:
    """Every taxonomy profile that ships, with its mappings."""
    parts = ["# Taxonomies\n", MADE, TAXONOMIES]
    for profile in profiles():
        one = profile.taxonomy
        parts.append(f"\n## `{one.name}`: {one.english}\n")
        where = f", for {one.jurisdiction}" if one.jurisdiction else ""
        parts.append(f"Version {one.version}{where}.\n")
        if profile.needs:
            parts.append(f"Named as `{one.name}:{profile.needs}`: {profile.because}.\n")
        spoken = [name for name in VOCABULARIES if any(name in code.elsewhere for code in one.codes)]
        heads = ["key", "code", "English", "French", "outcome", *spoken]
        parts.append("| " + " | ".join(heads) + " |\n|" + "---|" * len(heads))
        for code in one.codes:
            mapped = [f"`{code.elsewhere[name]}`" if name in code.elsewhere else "-" for name in spoken]
            cells = [str(code.key), f"`{code.name}`", code.english, code.french, f"`{code.outcome}`", *mapped]
            parts.append("| " + " | ".join(cells) + " |")
    return "\n".join(parts) + "\n"


TAXONOMIES = """
A profile is the list of codes that reviewers choose from. Name one in `REMPART_DESK__TAXONOMY`, or give the path of a
`.toml` file of your own with the same fields: `name`, `version`, `label`, and for each code its `key` (1 to 9), `en`,
`fr` and `outcome`. It has to be able to say `not_illegal` and `not_assessable`. A decision keeps the name and version
of its profile, so that it can always be read. A mapping stands only where a source states it.
"""


def bundles_page() -> str:
    """Every field of a row of NDJSON or CSV, and every profile of categories."""
    heads = "| field | type | holds | words |\n|---|---|---|---|"
    identity = "\n".join(map(_field_row, schema.IDENTITY))
    stated = "\n".join(map(_field_row, schema.STATED))
    known = "\n".join(
        f"| `{one.name}` | {one.jurisdiction} | {one.en} | {one.source} ({one.as_of}) |"
        for one in profiles_of_bundles().values()
    )
    return (
        f"# Rows of bundles\n\n{MADE}\n{BUNDLES}\n## What it is\n\n{heads}\n{identity}\n\n"
        f"## What the partner says\n\nEach may be left out, and then stays unknown.\n\n{heads}\n{stated}\n\n"
        f"## Profiles of categories\n\n| profile | jurisdiction | what | source |\n|---|---|---|---|\n{known}\n"
    )


BUNDLES = f"""Version {schema.VERSION} of the schema. In NDJSON a row is one JSON object a line; in CSV the first line
names
the columns, and comma, semicolon, tab or bar stand between the cells. UTF-8, with or without a byte order mark. A row
has at least one fingerprint, address or account.

| type | written as |
|---|---|
| text | up to {schema.MOST_TEXT} printable characters |
| hex | hexadecimal digits, in either case |
| count | a whole number from 0 |
| yes | `true` or `false`; `yes`, `no`, `1` and `0` are understood, too |
| word | one of the words of the last column; or, where there are none, up to 80 characters |
| moment | ISO 8601 with its offset, such as `2026-11-22T09:30:00Z` |
| addresses | a list in JSON; parted by blanks in a table |

Fields that begin with `{schema.OWN_PREFIX}` are passed over. Any other field that does not stand here refuses its row,
and any other column its table. A field with an empty value says nothing. See
[Receive bundles](../how-to/receive-bundles.md).
"""


def _field_row(field: schema.RowField) -> str:
    words = ", ".join(f"`{word}`" for word in field.choices)
    return f"| `{field.name}` | {field.type} | {field.en} | {words} |"


def features_page() -> str:
    """Everything that may be known of a case and bears on its rank."""
    from rempart.cases.triage.vocabulary import VOCABULARY, Word

    def value(one: Word) -> str:
        kinds = {"yes": "true or false", "count": one.unit or "whole number", "word": "text", "moment": "time in UTC"}
        return ", ".join(f"`{choice}`" for choice in one.choices) or kinds[one.type]

    def use(one: Word) -> str:
        return "orders equals only" if one.ai else "may only bring forward" if one.raises else "any"

    rows = "\n".join(
        f"| `{one.name}` | {value(one)} | {one.en} | {', '.join(sorted(one.sources))} | {use(one)} |"
        for one in VOCABULARY.values()
    )
    lead = (
        "What may be known of a case and bears on its rank. The list is closed: rules, senders and screening use\n"
        "these words and no others. Each feature is kept with who said so and when, and the same one may stand\n"
        "several times. `finding` is screening, `house` is the desk itself. The last column says what rules may do\n"
        "with it: evidence of AI orders equals, and what such evidence is a part of may only bring a case forward.\n"
        "See [Triage](../explanation/triage.md).\n"
    )
    return (
        f"# Features\n\n{MADE}\n{lead}\n| feature | value | meaning | who may say it | in rules |\n"
        f"|---|---|---|---|---|\n{rows}\n"
    )


def triage_rules_page() -> str:
    """The triage rules that ship, in words."""
    from rempart.cases.triage.rules import load_rules
    from rempart.cases.triage.ruleset import Condition, Rule

    rules = load_rules()

    def asks(one: Condition) -> str:
        wanted = one.wanted if isinstance(one.wanted, tuple) else (one.wanted,)
        values = ", ".join(str(value).lower() if isinstance(value, bool) else str(value) for value in wanted)
        if one.test == "known":
            return f"`{one.feature}` is {'' if one.wanted else 'not '}known"
        words = {"is": "is", "in": "is one of", "at_least": "at least", "at_most": "at most", "within_hours": "within"}
        every = "every " if one.every else ""
        return f"{every}`{one.feature}` {words[one.test]} {values}{' hours' if one.test == 'within_hours' else ''}"

    def needs(one: Rule) -> str:
        parts = [" and ".join(map(asks, one.needs)), " or ".join(map(asks, one.one_of))]
        joined = "; and ".join(part for part in parts if part)
        unless = " or ".join(map(asks, one.unless))
        return f"{joined}{'; ' if joined and unless else ''}{f'not if {unless}' if unless else ''}"

    tiers = "\n".join(
        f"| {one.number} {rules.tier_name(one.number, 'en')} | `{one.id}` | {one.en} | {needs(one)} |"
        for one in rules.tiers
    )
    points = [
        f"| {one.number:+d} | `{one.id}` | {one.en} | {needs(one)} |"
        for group in (rules.scores, rules.ties)
        for one in group
    ]
    head = "|---|---|---|---|\n"
    cut = len(rules.scores)
    ageing, sampling = rules.ageing, rules.sampling
    return (
        f"# Triage rules\n\n{MADE}\nThe rules that ship, version `{rules.version}`. `rempart triage rules` prints the\n"
        "file; [Change the rules](../how-to/change-the-rules.md) says how to use your own. The numbers are our own\n"
        f"choice. What no tier rule takes is in tier {rules.otherwise}.\n"
        f"\n## Tiers: the first rule that holds decides\n\n| tier | rule | in words | what it asks |\n{head}{tiers}\n"
        f"\n## Points inside a tier, added up\n\n| points | rule | in words | what it asks |\n{head}"
        + "\n".join(points[:cut])
        + f"\n\nA case gains {ageing.points} for every {ageing.every_hours} hours that it waits.\n"
        f"\n## Among equal tier and score\n\n| points | rule | in words | what it asks |\n{head}"
        + "\n".join(points[cut:])
        + "\n\nThen the newest comes first.\n\n## Samples\n\n"
        + f"Of each day's cases of the tiers {', '.join(map(str, sampling.tiers))}, {sampling.daily_share:.0%} are "
        "drawn at random.\n"
    )


def simulation_page() -> str:
    """The synthetic world, and what each order opens in it; run anew each time this page is written."""
    from rempart.cases.triage.rules import load_rules
    from rempart.cases.triage.simulate import WEIGHTS, simulate
    from rempart.cases.triage.simulate_world import BARE, RATES

    found = simulate(load_rules(), seed=1)
    orders = {"tiers and score (ours)": found, **found["orders"]}
    parts = ("critical_opened_24h", "with_wrong_ai_label")

    def row(name: str, one: dict[str, Any]) -> str:
        cells = (f"{100 * share:.0f} %" for part in parts for share in one[part].values())
        return f"| {name.replace('_', ' ')} | {' | '.join(cells)} |"

    table = "\n".join(row(name, one) for name, one in orders.items())
    looks = list(found["critical_opened_24h"])
    head = " | ".join([*(f"{one} looks" for one in looks), *(f"{one}, wrong label" for one in looks)])
    rates = "\n".join(
        f"| `{one.trait}` | {one.critical:.1%} | {one.other:.1%} | {one.known:.2%} | {one.why}"
        f"{f' (Only with `{one.given}`.)' if one.given else ''} |"
        for one in RATES
    )
    weights = ", ".join(f"`{name}` {weight:+d}" for name, weight in WEIGHTS.items())
    lead = (
        f"`rempart triage simulate` prints this: {found['reports']} synthetic reports in sixty days,\n"
        f"{found['critical']} of them critical, 60 % known, 18 % with an AI label. The share of critical reports\n"
        "that is opened within 24 hours, with so many looks a day; then the same with a wrong AI label on half of\n"
        "the critical reports. Shares in its JSON run from 0 to 1.\n"
    )
    tail = (
        "\n## What is assumed\n\nEvery rate is an assumption. They were fitted until the table came out as in the\n"
        "simulation that was published before this code, the row of the tiers with it, and rounded. So the table\n"
        "shows how the orders differ and guards ours against getting worse; it is no measurement of the world. How\n"
        "often a report shows a trait, by what it is:\n"
        f"\n| trait | critical | other unknown | known | why |\n|---|---|---|---|---|\n{rates}\n"
        f"\nWith {BARE[0]:.0%} of critical and {BARE[1]:.0%} of other reports nothing comes but the material.\n"
        f"The weighted sum adds {weights}.\n"
    )
    return f"# The simulation\n\n{MADE}\n{lead}\n| order | {head} |\n|---|{'---|' * 2 * len(looks)}\n{table}\n{tail}"


def law_page() -> str:
    """Every rule of law that sets a clock or a hold."""
    rows = "\n".join(
        f"| `{one.id}` | {one.jurisdiction} | {one.kind}{'' if one.in_force else ', **not in force**'} "
        f"| `{one.trigger}` | {_lasts(one)} | {one.en} | {one.source} | {one.mark} |"
        for one in laws().values()
    )
    return (
        f"# Rules of law\n\n{MADE}\n"
        "What sets clocks and duties to preserve, as rows of `law.toml`. This is no legal advice: the software\n"
        "records, times and reminds; a person decides. A *duty* has to be done by then; a *hold* preserves until\n"
        "then. How sure we are: **H** read in the law or an official text, **M** one credible source, **K** general\n"
        "knowledge, not read again, **G** our own choice. [Clocks](../explanation/clocks.md) tells how time is\n"
        "counted.\n"
        "\n| rule | where | what | starts with | lasts | says | source | sure |\n|---|---|---|---|---|---|---|---|\n"
        f"{rows}\n"
    )


def _lasts(one: Law) -> str:
    units = {"business_days": "working days"}
    text = ", ".join(f"{number} {units.get(unit, unit)}" for unit, number in one.duration.items())
    zone = "" if one.counts_from == "instant" or one.zone == "UTC" else f" on the calendar of {one.zone}"
    still = f"; stands still for {', '.join(one.pauses)}" if one.pauses else ""
    return f"{text}{zone}{still}{', then anew' if one.restarts else ''}"


PAGES = {
    "law.md": law_page,
    "features.md": features_page,
    "triage-rules.md": triage_rules_page,
    "simulation.md": simulation_page,
    "bundles.md": bundles_page,
    "access.md": access_page,
    "transparency.md": transparency_page,
    "taxonomies.md": taxonomies_page,
    "commands.md": commands,
    "settings.md": settings_page,
    "thresholds.md": thresholds_page,
    "reasons.md": reasons_page,
    "survival.md": survival_page,
}


def main() -> int:
    """Write every page, or with `--check` say which one differs."""
    stale = []
    for name, make in PAGES.items():
        page, text = FOLDER / name, make()
        if "--check" in sys.argv:
            stale += [name] if not page.exists() or page.read_text() != text else []
        else:
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(text)
    for name in stale:
        print(f"docs/reference/{name} is not what the code says; run `make golden`", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
