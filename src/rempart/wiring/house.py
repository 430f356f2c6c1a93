"""The house that screens: settings, keys, lists, sandbox and jobs, wired."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from rempart import settings as tree
from rempart.batch.clusters import Clusters, cluster
from rempart.batch.inputs import Inputs
from rempart.batch.job import Job, opened_job
from rempart.batch.report import origin_page, page
from rempart.batch.report.words import Language
from rempart.batch.run import Progress, run
from rempart.batch.summary import Summary
from rempart.batch.worker import ScreeningWorker
from rempart.clock import Clock, utc_now
from rempart.errors import Unavailable, UserMistake
from rempart.facts import Examination
from rempart.facts.evidence import Origin
from rempart.lists import Lists
from rempart.media import NotExaminable
from rempart.media.sandbox import Sandbox
from rempart.origin import detectors
from rempart.origin.prnu.seeing import TASK as PRNU_TASK
from rempart.origin.prnu.seeing import seen
from rempart.origin.prnu.view import SensorView
from rempart.origin.trust import Trust, trust_to_json
from rempart.origin.trust_files import load_trust
from rempart.origin.verdict import unexamined
from rempart.screening import BELIEVE, PLUG_IN, PRELOAD, TASK, SandboxOpener
from rempart.screening.hashing import never
from rempart.settings import Settings
from rempart.storage.atomic import make_folder
from rempart.storage.keys import KeyRing
from rempart.storage.sealed import write_sealed


@dataclass(frozen=True, slots=True)
class JobResult:
    """A finished job: its counts, and where its page is.

    quarantined: (list, entry) that it put under flood quarantine. warnings: sentences about stale or empty lists.
    """

    summary: dict[str, Any]
    report: Path
    quarantined: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()


class House:
    """Everything wired for one set of settings. Make one with `open_house`."""

    def __init__(self, settings: Settings, sandbox: Sandbox, clock: Clock) -> None:
        self.settings = settings
        self.sandbox = sandbox
        self._clock = clock

    @cached_property
    def keys(self) -> KeyRing:
        """The keys that seal and sign."""
        return open_keys(self.settings)

    @cached_property
    def lists(self) -> Lists:
        """The hash lists."""
        return open_lists(self.settings, self._clock)

    def opener(self, *, preview: bool = False, stop: Callable[[], bool] = never) -> SandboxOpener:
        """A sandboxed child of its own for the calling thread. stop: true once nobody waits any more."""
        limits = self.settings.limits.as_limits()
        settings = self.settings
        return SandboxOpener(
            self.sandbox.child(), limits, exact=settings.exact, preview=preview, origin=settings.origin, stop=stop
        )

    def screen(
        self,
        inputs: Inputs,
        out: Path,
        *,
        lists: Sequence[str] | None = None,
        previews: bool = False,
        again: bool = False,
        language: Language | None = None,
        progress: Callable[[Progress], None] = lambda _: None,
        stop: threading.Event | None = None,
    ) -> JobResult:
        """The finished job in `out`; begun anew, or continued where it was stopped or killed.

        lists: the names to screen against; all when None. Raises UserMistake when there is none, Conflict when the job
        in `out` is finished (unless `again`) or another one, Unavailable when it was stopped.
        """
        names = sorted(set(lists)) if lists else self.lists.names()
        if not names:
            raise UserMistake("there is no list yet; run `rempart lists import FILE --list NAME --source WHO`")
        stop = stop or threading.Event()
        opener = partial(self.opener, preview=previews, stop=stop.is_set)
        self.lists.snapshot(names)  # a list that cannot be opened stops the job before it starts
        with opened_job(out, self._identity(inputs, names, previews), inputs.shards, again=again) as job:
            counts = run(
                job,
                lambda: ScreeningWorker(opener(), lambda: self.lists.snapshot(names)),
                workers=self.settings.workers,
                progress=progress,
                stop=stop,
                previews=previews,
            )
            if counts is None:
                raise Unavailable("the job was stopped; the same command goes on where it was")
            # Before the job counts as finished: a kill here is made good by the next run.
            quarantined = tuple(self.lists.record_hits(job.hits(), counts.items))
            about_lists = self._about_lists(job, names, counts)
            summary = {**counts.to_json(), "lists": about_lists}
            report = page.write(out, summary, language or self.settings.language)
            job.finish(summary)
        return JobResult(summary, report, quarantined, tuple(_warnings(about_lists)))

    def _identity(self, inputs: Inputs, names: list[str], previews: bool) -> dict[str, Any]:
        """What makes two requests the same job: inputs and whatever changes a finding, but not the list versions."""
        settings = self.settings
        how = {"exact": settings.exact, "origin": settings.origin, "previews": previews}
        return {**inputs.identity(), **how, "lists": names, "limits": settings.limits.model_dump()}

    def _about_lists(self, job: Job, names: list[str], counts: Summary) -> dict[str, dict[str, Any]]:
        """Of each list: the versions searched, entries, whether it is stale, and how many items met it."""
        versions: dict[str, set[int]] = {name: set() for name in names}
        for note in job.notes():
            for name, version in note["lists"].items():
                versions[name].add(version)
        shown = {name: self.lists.show(name) for name in names}
        return {
            name: {
                "versions": sorted(versions[name]),
                "entries": shown[name].facts.entries,
                "stale": shown[name].stale,
                "match": counts.lists[name],
            }
            for name in names
        }

    def examine(self, inputs: Inputs) -> Iterator[tuple[str, Examination]]:
        """(name, examination) of every file, in order; what cannot be opened has its reason as a gap."""
        local = threading.local()

        def look(name: str, path: str | None, refused: str | None) -> tuple[str, Examination]:
            if path is None:
                return name, _unseen(refused or "")
            if not hasattr(local, "opener"):
                local.opener = self.opener()
            try:
                return name, local.opener.examine(Path(path))
            except NotExaminable as error:
                return name, _unseen(error.reason)

        with ThreadPoolExecutor(self.settings.workers) as pool:
            yield from pool.map(lambda row: look(row.name, row.path, row.refused), inputs.rows())

    def origins(self, inputs: Inputs) -> Iterator[tuple[str, Origin]]:
        """(name, how its pixels were made) of every file, in order, looking at pixels too."""
        opener = self.opener()
        for row in inputs.rows():
            if row.path is None:
                yield row.name, unexamined(row.refused or "")
            else:
                yield row.name, opener.origin_of(Path(row.path), pixels=True)

    def seal_carriers(self, found: Sequence[tuple[str, Origin]], folder: Path) -> dict[str, int]:
        """How many carriers that may hold prompts were sealed into `folder`, and how many could not be had."""
        make_folder(folder)
        opener, counts = self.opener(), {"sealed": 0, "not sealed": 0}
        for name, origin in found:
            wanted = {one.raw_sha256 for one in origin.evidence if one.contains_prompt and one.raw_sha256}
            try:
                carriers = opener.carriers_of(Path(name), wanted) if wanted else {}
            except NotExaminable:
                carriers = {}
            for sha256, content in carriers.items():
                if sha256 in wanted:
                    write_sealed(folder / f"{sha256}.age", content, self.keys)
            counts["sealed"] += len(carriers.keys() & wanted)
            counts["not sealed"] += len(wanted - carriers.keys())
        return counts

    def origin_pages(self, found: Sequence[tuple[str, Origin]], folder: Path, language: Language | None) -> list[Path]:
        """Where the evidence pages are: one for each file, numbered in order."""
        folder.mkdir(parents=True, exist_ok=True)
        chosen = language or self.settings.language
        return [
            origin_page.write(folder / f"evidence-{number:04d}.html", name, origin, chosen)
            for number, (name, origin) in enumerate(found, 1)
        ]

    def cluster(self, inputs: Inputs, max_distance_bits: int) -> Clusters:
        """Near-duplicates among the files."""
        inputs.identity()
        return cluster(self.examine(inputs), max_distance_bits, self.settings.workers)


def open_keys(settings: Settings | None = None) -> KeyRing:
    """The keys, from wherever the settings say; made on first use when they name nothing."""
    settings = settings or tree.read()
    if settings.key is not None:
        return KeyRing.from_text(settings.key.get_secret_value())
    if settings.key_command is not None:
        return KeyRing.from_command(settings.key_command)
    if settings.key_file is not None:
        return KeyRing.from_file(settings.key_file)
    ring = settings.data_folder / "keys" / "ring.json"
    try:
        sealed = "" if ring.exists() else _sealed_in(settings.data_folder)
        if sealed:
            raise UserMistake(f"there {sealed} but no keys in `{ring}`; set REMPART_KEY_FILE to where they are")
        return KeyRing.from_file_or_new(ring)
    except OSError as error:
        raise UserMistake(
            f"the data folder `{settings.data_folder}` cannot be used ({error.strerror}); set REMPART_DATA_FOLDER"
        ) from error


def _sealed_in(folder: Path) -> str:
    """What stands there that only its own keys open; empty when there is nothing."""
    if any((folder / "lists").glob("*")):
        return "are lists"
    if any((folder / "vault").glob("*")):
        return "is a vault"
    return "is a database" if (folder / "desk.sqlite3").exists() else ""


def open_lists(settings: Settings | None = None, clock: Clock = utc_now) -> Lists:
    """The hash lists alone, for what needs no sandbox."""
    settings = settings or tree.read()
    return Lists(settings.data_folder / "lists", open_keys(settings), settings.memory_folder, clock)


def open_trust(settings: Settings | None = None, clock: Clock = utc_now) -> Trust:
    """Whom to believe about the origin of pictures, as of today."""
    settings = settings or tree.read()
    return load_trust(trust_folder(settings), clock().date())


def trust_folder(settings: Settings | None = None) -> Path:
    """Where imported trust lists stand."""
    return (settings or tree.read()).data_folder / "trust"


def sensor_views(inputs: Inputs, settings: Settings | None = None) -> Iterator[tuple[str, SensorView | str]]:
    """(name, what of the sensor can be compared, or the reason why nothing can) of every file, in order."""
    with Sandbox(PRNU_TASK, (), (settings or tree.read()).limits.as_limits()) as sandbox:
        child = sandbox.child()
        for row in inputs.rows():
            try:
                yield row.name, seen(child.run(Path(row.path), {})) if row.path is not None else row.refused or ""
            except NotExaminable as error:
                yield row.name, error.reason


def _warnings(about_lists: dict[str, dict[str, Any]]) -> Iterator[str]:
    for name, about in about_lists.items():
        if not about["entries"]:
            yield f"list `{name}` has no entries: nothing can match it; import it anew"
        if about["stale"]:
            yield f"list `{name}` is stale; run `rempart lists show {name}` and import it anew"
        if len(about["versions"]) > 1:
            yield (
                f"list `{name}` changed during the job: some items were searched against version "
                f"{about['versions'][0]} only; add --again to search all against the newest"
            )


def _unseen(reason: str) -> Examination:
    return Examination("application/octet-stream", 0, gaps=(reason,))


@contextmanager
def open_house(
    *, workers: int | None = None, exact: bool | None = None, settings: Settings | None = None, clock: Clock = utc_now
) -> Iterator[House]:
    """The wired house, its sandbox running until the block ends. workers, exact: override the settings."""
    chosen = settings or tree.read()
    changes = {name: value for name, value in (("workers", workers), ("exact", exact)) if value is not None}
    chosen = chosen.model_copy(update=changes)
    believed: dict[str, Any] = {BELIEVE: trust_to_json(open_trust(chosen, clock))}
    if chosen.detector is not None:
        detectors.load(chosen.detector)  # a name that nobody offers is told before anything starts
        believed[PLUG_IN] = chosen.detector
    with Sandbox(TASK, PRELOAD, chosen.limits.as_limits(), configure=believed) as sandbox:
        yield House(chosen, sandbox, clock)
