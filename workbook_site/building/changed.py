"""Which chapters a change concerns, asked of git: CI need not execute the others.

    notebooks/source/01_async_views.md     -> async_views, for its own file
    solutions/async_views/archive.py       -> async_views, and each later chapter: it starts from
                                              the project in which that answer stands
    workbook_site/..., requirements/...    -> every chapter
    README.md, tests/...                   -> none

"Changed" is what differs from the point where the branch left the ref, be it committed or not.
"""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from workbook_site import places
from workbook_site.project import Chapter, cells

# Where the main branch is looked for, in this order.
MAIN = ("origin/HEAD", "origin/main", "origin/master", "main", "master")
# What every chapter needs, by the beginning of its path in the content or in the checkout.
SHARED = ("workbook_site/", "requirements/")

NO_GIT = "--changed asks git, which can't be started ({why}). Install it, or name the chapters."
NO_REPOSITORY = (
    "--changed compares with an earlier state, and {folder} is in no git repository. "
    "Name the chapters instead: python3 -m workbook_site run CHAPTER"
)
NO_MAIN = (
    "No main branch was found to compare with (looked for {looked}). "
    "Name a ref: --changed REF. In CI, fetch the whole history (fetch-depth: 0)."
)
NO_REF = (
    "There is no ref {ref!r} here to compare with. "
    "See git branch --all; in CI, fetch the whole history (fetch-depth: 0)."
)
APART = (
    "HEAD and {ref} have no commit in common here. "
    "In CI, fetch the whole history (fetch-depth: 0), or name another ref."
)
NOT_PRINTED = "{source} has no notebook yet. Print it first: python3 -m workbook_site build"

SINCE = "Compared with {ref} ({commit}), and with what is not committed yet."
ALL = "all chapters: {path} is shared by all"
OWN = "changed: {paths}"
BASED = "starts from the project that {earlier} changed"
MORE = "{first} and {more} more"


class ChangedError(ValueError):
    """The change can't be known; the message says why, and what to do."""


@dataclass(frozen=True)
class Choice:
    """The chapters that a change concerns, with the reason for each; `since` tells what changed."""

    since: str
    why: Mapping[Chapter, str]


def choose(chapters: Sequence[Chapter], ref: str = "") -> Choice:
    """Those of all `chapters` (in order) that changed since `ref`, else since the main branch.

    Raises `ChangedError`.
    """
    git = _Git(places.content())
    ref = ref or git.main()
    base = git.base(ref)
    since = SINCE.format(ref=ref, commit=base[:9])
    paths = git.changed(base)
    _all_printed(paths, chapters)
    if shared := next((path for path in paths if path.startswith(SHARED)), None):
        return Choice(since, dict.fromkeys(chapters, ALL.format(path=shared)))
    return Choice(since, dict(_why(git, base, paths, chapters)))


def _why(
    git: "_Git", base: str, paths: Sequence[str], chapters: Sequence[Chapter]
) -> Iterator[tuple[Chapter, str]]:
    earlier = ""
    for chapter in chapters:
        own = [path for path in paths if _owner(path) == chapter.name]
        if own:
            yield chapter, OWN.format(paths=_listed(own))
        elif earlier:
            yield chapter, BASED.format(earlier=earlier)
        if own and not earlier and _writes_otherwise(git, base, own, chapter):
            earlier = chapter.stem


def _owner(path: str) -> str:
    """The chapter that a path belongs to, as one word; empty for all other paths."""
    match = re.fullmatch(r"notebooks/(?:source/)?\d+_(\w+)\.(?:md|ipynb)", path)
    match = match or re.match(r"(?:exercises|solutions)/(\w+)/", path)
    return match[1] if match else ""


def _writes_otherwise(git: "_Git", base: str, own: Sequence[str], chapter: Chapter) -> bool:
    """Whether the chapter leaves another project behind than it did: its files or its answers."""
    if any(path.startswith("solutions/") for path in own):
        return True
    before = git.text(base, f"notebooks/{chapter.path.name}")
    return before is None or _written(before) != _written_now(chapter)


def _written_now(chapter: Chapter) -> list[str]:
    return [cell.source for cell in cells(chapter) if _writes(cell.source)]


def _written(notebook: str) -> list[str]:
    try:
        found = json.loads(notebook)["cells"]
        sources = ["".join(cell["source"]) for cell in found if cell["cell_type"] == "code"]
    except (ValueError, KeyError, TypeError):
        return []
    return [source for source in sources if _writes(source)]


def _writes(source: str) -> bool:
    return source.startswith(("%%site", "%%exercise"))


def _all_printed(paths: Sequence[str], chapters: Sequence[Chapter]) -> None:
    printed = {chapter.name for chapter in chapters}
    for path in paths:
        source = path.startswith("notebooks/source/") and (places.content() / path).is_file()
        if source and _owner(path) not in printed | {""}:
            raise ChangedError(NOT_PRINTED.format(source=path))


def _listed(paths: Sequence[str]) -> str:
    if len(paths) <= 3:
        return ", ".join(paths)
    return MORE.format(first=", ".join(paths[:2]), more=len(paths) - 2)


class _Git:
    """What is asked of git about the repository that a folder lies in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        if self._ask("rev-parse", "--is-inside-work-tree") is None:
            raise ChangedError(NO_REPOSITORY.format(folder=folder))

    def main(self) -> str:
        """The main branch."""
        for name in MAIN:
            if self._commit(name):
                return name
        raise ChangedError(NO_MAIN.format(looked=", ".join(MAIN)))

    def base(self, ref: str) -> str:
        """The commit in which HEAD left `ref`."""
        if not self._commit(ref):
            raise ChangedError(NO_REF.format(ref=ref))
        found = self._ask("merge-base", "HEAD", ref)
        if not found:
            raise ChangedError(APART.format(ref=ref))
        return found.strip()

    def changed(self, base: str) -> list[str]:
        """Files that differ from `base`, gone and new ones too, from the content's folder on.

        The workbook's own parts count when they lie in the same repository, beside the content.
        """
        tracked = self._ask("diff", "--name-only", "--no-renames", "-z", base, "--") or ""
        new = self._ask("ls-files", "--others", "--exclude-standard", "-z", "--full-name", ":/")
        root = Path((self._ask("rev-parse", "--show-toplevel") or "").strip("\n"))
        paths = {root / path for path in f"{tracked}\0{new or ''}".split("\0") if path}
        return sorted(filter(None, map(_from_here, paths)))

    def text(self, commit: str, path: str) -> str | None:
        """A file of the content as it was; `None` where it was not."""
        return self._ask("show", f"{commit}:{self._prefix}{path}")

    @cached_property
    def _prefix(self) -> str:
        return (self._ask("rev-parse", "--show-prefix") or "").strip("\n")

    def _commit(self, ref: str) -> bool:
        return bool(self._ask("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}"))

    def _ask(self, *words: str) -> str | None:
        """What git says; `None` when it fails."""
        # Paths as they are, whatever the reader's own configuration says.
        line = ["git", "-C", str(self._folder), "-c", "core.quotePath=false", *words]
        try:
            done = subprocess.run(line, capture_output=True, encoding="utf-8", check=False)
        except OSError as error:
            raise ChangedError(NO_GIT.format(why=error)) from error
        return done.stdout if done.returncode == 0 else None


def _from_here(path: Path) -> str:
    """A file of the content or of the checkout, from that folder on; empty for all others."""
    for folder in (places.content(), places.CHECKOUT):
        if path.is_relative_to(folder):
            return path.relative_to(folder).as_posix()
    return ""
