"""The requirement files: one `NAME==VERSION ; MARKER` a line, every package of the environment."""

import ast
import hashlib
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook_site import exits

BROKEN = """\
{file}, line {number}: expected NAME==VERSION, found {line!r}.
Restore it: git checkout requirements"""
UNREADABLE = "The requirement file can't be read ({why}). Restore it: git checkout requirements"

LINE = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;]+)\s*(?:;\s*(.+))?")
COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda one, all_of_them: one in all_of_them,
    ast.NotIn: lambda one, all_of_them: one not in all_of_them,
}


@dataclass(frozen=True)
class Pin:
    """One package at one version; `marker` says where it is wanted, everywhere when empty."""

    name: str
    version: str
    marker: str = ""

    def __str__(self) -> str:
        return f"{self.name}=={self.version}"


def read(file: Path) -> list[Pin]:
    """The pins of one file, in its order. Raises `Stop` for a line that is none."""
    lines = enumerate(_text(file).splitlines(), start=1)
    stripped = ((number, line.partition(" #")[0].strip()) for number, line in lines)
    return [
        _pin(file, number, line)
        for number, line in stripped
        if line and not line.startswith(("#", "-"))
    ]


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as why:
        raise exits.Stop(UNREADABLE.format(why=why), exits.INSTALL) from why


def _pin(file: Path, number: int, line: str) -> Pin:
    parsed = LINE.fullmatch(line)
    if not parsed:
        told = BROKEN.format(file=file.name, number=number, line=line)
        raise exits.Stop(told, exits.INSTALL)
    return Pin(normal(parsed[1]), parsed[2], (parsed[3] or "").strip())


def wanted(files: Iterable[Path], facts: Mapping[str, str]) -> list[Pin]:
    """What these files ask of an interpreter, each package once."""
    pins = (pin for file in files for pin in read(file) if applies(pin.marker, facts))
    return list({pin.name: pin for pin in pins}.values())


def missing(
    files: Iterable[Path], facts: Mapping[str, str], found: Mapping[str, set[str]]
) -> list[Pin]:
    """The pins that `found` (name -> versions) does not satisfy."""
    return [
        pin for pin in wanted(files, facts) if plain(pin.version) not in found.get(pin.name, ())
    ]


def digest(file: Path) -> str:
    """Changes when the file does."""
    return hashlib.sha256(_text(file).encode()).hexdigest()


def normal(name: str) -> str:
    """`Django_Stubs` and `django-stubs` are one package: `django-stubs`."""
    return re.sub(r"[-_.]+", "-", name).lower()


def plain(version: str) -> str:
    """`1.0` and `1.0.0` are one version: `1`."""
    return re.sub(r"(\.0)+$", "", version.lower())


def applies(marker: str, facts: Mapping[str, str]) -> bool:
    """Whether a marker holds: `applies("sys_platform == 'linux'", facts())`.

    The grammar of markers is a part of Python's own, so Python's parser reads it.
    """
    return not marker or _true(ast.parse(marker, mode="eval").body, facts)


def _true(node: ast.expr, facts: Mapping[str, str]) -> bool:
    if isinstance(node, ast.BoolOp):
        every = all if isinstance(node.op, ast.And) else any
        return every(_true(value, facts) for value in node.values)
    assert isinstance(node, ast.Compare), ast.dump(node)
    left, right = node.left, node.comparators[0]
    versions = any(isinstance(side, ast.Name) and "version" in side.id for side in (left, right))
    one, other = _value(left, facts), _value(right, facts)
    compare = COMPARE[type(node.ops[0])]
    return bool(compare(numbers(one), numbers(other)) if versions else compare(one, other))


def _value(node: ast.expr, facts: Mapping[str, str]) -> str:
    if isinstance(node, ast.Name):
        return facts.get(node.id, "")
    return str(ast.literal_eval(node))


def numbers(version: str) -> tuple[int, ...]:
    """What versions are compared by: `3.11.0` is `(3, 11)`."""
    return tuple(int(part) for part in re.findall(r"\d+", plain(version)))
