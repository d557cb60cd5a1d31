"""The steps that make an environment whole. Each looks first, so that nothing is done twice:
a call that was cut short, by whatever it was, is gone on with by the next one.
"""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from workbook_site import exits, lock
from workbook_site.environment import found, pins, pip, scripts
from workbook_site.environment.dress import dress
from workbook_site.environment.facts import facts as own_facts
from workbook_site.environment.pins import Pin
from workbook_site.environment.progress import Progress
from workbook_site.environment.venv import LOCK, LOG, STAMP, Venv

OLDEST = (3, 11)
# Few enough for a failure to lose little, many enough for pip's own start to be no burden.
BATCH = 8

BEGIN = "Preparing {venv} with Python {version}. Later calls start at once."
WAITING = "Another call is preparing {venv}. Waiting for it."
MAKING = "making the environment"
DONE = "  done"
MOVED = "The environment was moved here: writing its scripts anew."
SHARED = "{venv} knew the workbook in {before}. From now on it knows this one."
AGAIN = "{venv} was left half-made, or lost its Python. Making it anew."
ASIDE = "{venv} can't be used and was not made by the workbook. It is kept as {aside}."

NOT_MADE = """\
Step 1 of {total} did not work: making the environment in {venv}.
What Python said:
{tail}
{advice}Then type the same command again."""
NO_ENSUREPIP = (
    "This Python lacks the module ensurepip. On Debian and Ubuntu: apt install python{0}-venv\n"
)
MEND = "Mend the cause that is named above (a full disk?).\n"
NOT_INSTALLED = """\
Step {number} of {total} did not work: installing {names}.
The end of what pip said:
{tail}
What was installed before is kept. Mend the cause (no network? a full disk?), then type the same
command again: it goes on from step {number}. All that pip said is in {log}"""
NOT_THERE = "pip reported success, but {names} did not arrive in {folder}"
NO_FOLDER = """\
The workbook's Python environment can't be written to {venv}
    {why}
Name a folder that you may write to, and type the command again:
    WORKBOOK_VENV=~/workbook-venv python3 -m workbook_site lab --workspace ~/my_workbook"""
FOREIGN = """\
WORKBOOK_VENV names {venv}
That folder is in use, was not made by the workbook, and is no environment of Python {0}.{1}
or newer. Nothing in it was touched. Name another folder; it need not exist yet."""


def prepare(venv: Venv, files: Sequence[Path]) -> None:
    """Make `venv` whole for these requirement files, telling each step on stderr. Raises `Stop`."""
    progress = Progress(sys.stderr)
    with _writable(venv), _alone(venv, progress) as handle:
        if venv.is_whole(files):
            return  # Made by the call that we waited for.
        total = 1 + len(_batches(pins.wanted(files, venv.facts() or own_facts())))
        _make(venv, total, progress)
        _settle(venv, progress)
        _install(venv, files, handle, progress)
        dress(venv.path, Path(venv.facts()["packages"]), venv.checkout)
        venv.mark(made=True, files=_stamped(venv, files))
        progress.line(DONE)


@contextmanager
def _writable(venv: Venv) -> Iterator[None]:
    try:
        yield
    except OSError as why:
        raise exits.Stop(NO_FOLDER.format(venv=venv.path, why=why), exits.FOLDER) from why


@contextmanager
def _alone(venv: Venv, progress: Progress) -> Iterator[int]:
    """Hold the environment's lock, in a folder that is ours to write to."""
    _claim(venv, progress)
    waiting = WAITING.format(venv=venv.path)
    with lock.held(venv.path / LOCK, lambda: progress.line(waiting)) as handle:
        yield handle


def _claim(venv: Venv, progress: Progress) -> None:
    """Leave no stranger's folder in our way, and none of it harmed."""
    if _is_strangers(venv) and not _is_usable(venv):
        if venv.chosen:
            raise exits.Stop(FOREIGN.format(*OLDEST, venv=venv.path), exits.FOLDER)
        aside = venv.path.with_name(f".venv-{datetime.now():%Y%m%d-%H%M%S-%f}")
        venv.path.rename(aside)
        progress.line(ASIDE.format(venv=venv.path, aside=aside.name))
    venv.path.mkdir(parents=True, exist_ok=True)


def _is_strangers(venv: Venv) -> bool:
    ours = {STAMP, LOCK}
    names = {entry.name for entry in venv.path.iterdir()} if venv.path.is_dir() else set()
    return bool(names) and not names & ours


def _is_usable(venv: Venv) -> bool:
    facts = venv.facts()
    return bool(facts) and pins.numbers(facts["python_version"]) >= OLDEST


def _make(venv: Venv, total: int, progress: Progress) -> None:
    """Step 1: the environment itself, unless a good one is there."""
    stamp = venv.stamp()
    if _is_usable(venv) and stamp.get("made", True):
        progress.line(BEGIN.format(venv=venv.path, version=venv.facts()["python_full_version"]))
        return
    if any(entry.name != LOCK for entry in venv.path.iterdir()):
        progress.line(AGAIN.format(venv=venv.path))
        venv.clear()
    progress.line(BEGIN.format(venv=venv.path, version=own_facts()["python_full_version"]))
    progress.step(1, total, MAKING)
    venv.mark(made=False)
    line = [sys.executable, "-I", "-X", "utf8", "-m", "venv", "--without-pip"]
    _python([*line, "--prompt", "workbook", str(venv.path)], venv, total)
    _bring_pip(venv, total)
    venv.mark(made=True)


def _bring_pip(venv: Venv, total: int) -> None:
    """Into an environment that this very Python has made."""
    wheel = pip.bundled()
    if wheel is None:
        _ensure_pip(venv, total)
    else:
        pip.unpack(wheel, Path(venv.facts()["packages"]))
        _write_scripts(venv, total)


def _ensure_pip(venv: Venv, total: int = 1) -> None:
    _python(venv.line("-m", "ensurepip"), venv, total)


def _write_scripts(venv: Venv, total: int = 1) -> None:
    _python(venv.line(scripts.__file__), venv, total)


def _python(line: list[str], venv: Venv, total: int) -> None:
    """Run a part of step 1. Raises `Stop` with the end of what it said."""
    done = subprocess.run(line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        said = done.stdout.decode("utf-8", "replace").strip().splitlines()
        tail = "\n".join(said[-pip.TAIL :])
        version = own_facts()["python_version"]
        advice = NO_ENSUREPIP.format(version) if "ensurepip" in tail else MEND
        told = NOT_MADE.format(total=total, venv=venv.path, tail=tail, advice=advice)
        raise exits.Stop(told, exits.INSTALL)


def _settle(venv: Venv, progress: Progress) -> None:
    """Put right what an environment of another place or another maker lacks."""
    if not venv.facts()["pip"]:
        _ensure_pip(venv)
    stamp = venv.stamp()
    if stamp and stamp.get("at") != str(venv.path):
        progress.line(MOVED)
        _python(venv.line("-m", "venv", "--without-pip", str(venv.path)), venv, total=1)
        _write_scripts(venv)
    elif stamp and stamp.get("checkout") != str(venv.checkout):
        progress.line(SHARED.format(venv=venv.path, before=stamp.get("checkout")))


def _install(venv: Venv, files: Sequence[Path], handle: int, progress: Progress) -> None:
    """The other steps: one batch of packages each, skipped when its packages are there."""
    facts = venv.facts()
    folder = facts["packages"]
    found.clear_broken(folder)
    missing = set(pins.missing(files, facts, found.distributions([folder])))
    batches = _batches(pins.wanted(files, facts))
    for number, batch in enumerate(batches, start=2):
        todo = [pin for pin in batch if pin in missing]
        if todo:
            progress.step(number, 1 + len(batches), _names(todo))
            _batch(venv, folder, todo, handle, progress, (number, 1 + len(batches)))


def _batch(
    venv: Venv,
    folder: str,
    todo: list[Pin],
    handle: int,
    progress: Progress,
    step: tuple[int, int],
) -> None:
    log = venv.path / LOG
    try:
        pip.install(venv.python, todo, log, progress.now, handle)
        there = found.distributions([folder])
        absent = [pin for pin in todo if pins.plain(pin.version) not in there.get(pin.name, ())]
        if absent:
            raise pip.Failed(NOT_THERE.format(names=_names(absent), folder=folder))
    except pip.Failed as failed:
        number, total = step
        told = NOT_INSTALLED.format(
            number=number, total=total, names=_names(todo), tail=failed, log=log
        )
        progress.line("")
        raise exits.Stop(told, exits.INSTALL) from failed


def _batches(wanted: list[Pin]) -> list[list[Pin]]:
    """Always the same for the same files, so that a step keeps its number from call to call."""
    return [wanted[start : start + BATCH] for start in range(0, len(wanted), BATCH)]


def _names(batch: list[Pin]) -> str:
    return ", ".join(pin.name for pin in batch)


def _stamped(venv: Venv, files: Sequence[Path]) -> dict[str, str]:
    """The digests to note: these files', and earlier ones' unless what they share has changed."""
    now = {file.name: pins.digest(file) for file in files}
    before = venv.stamp().get("files", {})
    unchanged = all(before.get(name, value) == value for name, value in now.items())
    return {**before, **now} if unchanged else now
