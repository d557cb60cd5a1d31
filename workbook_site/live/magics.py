"""`%%site PATH` and `%%exercise NAME`: a cell is a file of the project, and runs it at once."""

import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from workbook_site.checking.exercise import Exercise, UnknownExercise, find
from workbook_site.checking.report import Outcome, Report
from workbook_site.live import displaying, names, progress, session, shadows, trouble, verdict
from workbook_site.live.lock import locked
from workbook_site.live.saying import Told, as_learners, saying
from workbook_site.live.session import Session
from workbook_site.project import MagicError, blocks
from workbook_site.project.lay import read, write
from workbook_site.project.magics import parse_exercise, parse_site
from workbook_site.reload import ProjectError, Stuck

SAVED = "{path} saved, the site reloaded in {milliseconds:.0f} ms."
KEPT_FOR_LATER = "{path} saved. It waits until {package!r} stands in INSTALLED_APPS."
BUT_BROKEN = "{path} saved. The site goes on as it was before: the project can't be loaded."
FIRST_LINE = """\
{magic} works in the first line of its cell only. Move what stands above it below it."""
NOT_JUDGED = "You interrupted the judging. It counts for nothing; run the cell again when you like."
NOT_KEPT = "This verdict could not be noted among your progress.\n{why}"
RESCUED = """\
{file}, which holds your progress, was damaged. What could be read of it goes on; the damaged file
is kept in {backup}."""
GOES_ON = "Your answer can't be loaded, so the site goes on as it was before."
SITE_IS_BROKEN = "The verdict is about your answer alone. The site itself can't be loaded:\n{text}"


def load_ipython_extension(shell: Any) -> None:
    """Make the magics known, and notice before each cell what was edited elsewhere."""
    shell.register_magic_function(partial(site, shell), "cell", "site")
    shell.register_magic_function(partial(exercise, shell), "cell", "exercise")
    for magic in ("%site", "%exercise"):  # so IPython calls one with two signs below other lines
        shell.register_magic_function(partial(not_first, magic), "line", magic)
    if not getattr(shell, "_workbook_follows", False):
        shell._workbook_follows = True
        shell.events.register("pre_run_cell", before_cell)
        displaying.heal(shell)
        shell.input_transformers_cleanup.insert(0, with_a_body)


def with_a_body(lines: list[str]) -> list[str]:
    """Let `%%site blog/__init__.py` stand alone: IPython wants at least one line below it."""
    told = [line for line in lines if line.strip()]
    alone = len(told) == 1 and told[0].startswith(("%%site", "%%exercise"))
    return [told[0].rstrip("\n") + "\n", "\n"] if alone else lines


def not_first(magic: str, _: str) -> None:
    """A magic of ours that stands below other lines."""
    raise Told(FIRST_LINE.format(magic=f"%{magic}"))


def before_cell(_: Any) -> None:
    """Load what was edited elsewhere; say what happened since the last cell."""
    booted = session.begun()
    if booted is None:
        return
    try:
        with trouble.told():
            booted.running.follow_from_cell()
    except (Stuck, Told) as told:
        print(told)
    for notice in booted.running.notices():
        print(notice)


def site(shell: Any, line: str, body: str) -> None:
    """Save the cell as a file of the project, or as one block of it, and reload the site."""
    booted = session.current()
    cell = _understood(parse_site, line, body)
    started = time.perf_counter()
    with trouble.told(), locked(booted.state / "files.lock"):
        _put(booted, cell.path, cell.body, cell.name)
    loaded, broken = _reload(booted, cell.path)
    if broken is not None:
        print(BUT_BROKEN.format(path=cell.path))
        raise as_learners(broken, shell)
    _bring(booted, cell.path, cell.body)
    taken = (time.perf_counter() - started) * 1000
    told = SAVED if loaded else KEPT_FOR_LATER
    package = cell.path.partition("/")[0]
    print(told.format(path=cell.path, milliseconds=taken, package=package))
    _warn(booted, cell.path)
    _remind(booted)


def exercise(shell: Any, line: str, body: str) -> None:
    """Save the answer as its block, reload the site, and show the judge's verdict."""
    booted = session.current()
    asked = _understood(parse_exercise, line, body)
    try:
        found = find(asked.name, booted.site.chapter)
    except UnknownExercise as unknown:
        raise Told(str(unknown)) from None
    with trouble.told():
        broken = _install(booted, found, body)
    report = _judge(booted, found, body)
    booted.reports[found.chapter, found.name] = report
    not_kept = _note(booted, report, body)
    entries = progress.read(booted.state)
    verdict.show(report, verdict.standing(report, entries, found.solution))
    if not_kept:
        print(NOT_KEPT.format(why=not_kept))
    if broken is not None and report.outcome is Outcome.PASSED:
        print(SITE_IS_BROKEN.format(text=broken.text))
    _remind(booted)


def _judge(booted: Session, found: Exercise, body: str) -> Report:
    try:
        return booted.judging.grade(found, body)
    except KeyboardInterrupt as interrupted:
        saying(interrupted, NOT_JUDGED)
        raise


def _note(booted: Session, report: Report, body: str) -> str:
    """Note a verdict among the learner's progress; why that can't be done, if so."""
    try:
        with trouble.told():
            backup = progress.rescue(booted.state)
            progress.record(booted.state, report, body)
    except Told as told:
        return str(told)
    if backup is not None:
        print(RESCUED.format(file=progress.FILE, backup=backup))
    return ""


def _warn(booted: Session, path: str) -> None:
    warning = shadows.sentence(booted.running.folder, [path])
    if warning:
        print(warning)


def _understood(parse: Any, line: str, body: str) -> Any:
    try:
        return parse(line, body)
    except MagicError as error:
        raise Told(str(error)) from None


def _install(booted: Session, found: Exercise, body: str) -> ProjectError | None:
    """Put the answer and what is given with it into the project; why it can't be loaded, if so.

    An answer that can't be loaded doesn't stay there: the chapter's next cells need the site.
    """
    pieces: Mapping[str, str] = {**found.given, found.file: body}
    was_good = booted.running.error is None
    with locked(booted.state / "files.lock"):
        before = {path: _text(booted, path) for path in pieces}
        for path, text in pieces.items():
            _put(booted, path, text, found.name)
    _, broken = _reload(booted, found.file)
    if broken is None:
        _bring(booted, found.file, body)
    elif was_good:
        _take_back(booted, before)
        print(GOES_ON)
    return broken


def _take_back(booted: Session, before: Mapping[str, str | None]) -> None:
    with locked(booted.state / "files.lock"):
        for path, text in before.items():
            if text is None:
                (booted.running.folder / path).unlink()
            else:
                write(booted.running.folder / path, text)
    booted.running.as_loaded()


def _text(booted: Session, path: str) -> str | None:
    target = booted.running.folder / path
    return read(target) if target.exists() else None


def _put(booted: Session, path: str, body: str, name: str) -> None:
    before = _text(booted, path) or ""
    write(booted.running.folder / path, blocks.put(path, before, body, name))


def _reload(booted: Session, path: str) -> tuple[bool, ProjectError | None]:
    """Load the project with this file. Whether it is part of it now, and what went wrong.

    The error is given back: what a magic raises must have no other exception as its context.
    """
    try:
        return booted.running.reload(names.module_of(path)), None
    except ProjectError as error:
        return False, error


def _bring(booted: Session, path: str, body: str) -> None:
    module = names.module_of(path)
    if module:
        booted.names.bring(body, module)


def _remind(booted: Session) -> None:
    for notice in booted.running.notices():
        print(notice)
    with booted.running.kept():
        reminder = booted.models.reminder() if booted.running.error is None else ""
    if reminder:
        print(reminder)
