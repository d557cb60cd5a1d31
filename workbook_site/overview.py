"""The commands there are, found as files, and the page that introduces them.

A command exists because `management/commands/NAME.py` exists; what it does is the `help` of its
class, read without importing it, since Django may not be there yet.
"""

import ast
import difflib
from pathlib import Path

from workbook_site import exits

COMMANDS = Path(__file__).parent / "management" / "commands"

TITLE = """\
The Async Django Workbook: learn async Django by building one live project in JupyterLab.
Begin with:   python3 -m workbook_site lab
"""
END = """
Each command tells more:   python3 -m workbook_site COMMAND --help
"""
# Who comes here, and the commands that are theirs. One without a file is not shown.
READERS = {
    "To learn": ("lab", "reset"),
    "To teach": ("grade", "gradebook", "worker"),
    "To write chapters and prove them": ("build", "run", "test"),
}
OTHERS = "And"

UNKNOWN = "There is no command {name!r}. {hint}"
NEAR = "Did you mean {near}?"
ALL = "The commands are {names}."


def names() -> list[str]:
    """Every command's name, in alphabetical order."""
    return sorted(path.stem for path in COMMANDS.glob("[a-z]*.py"))


def known(name: str) -> str:
    """The name itself. Raises `Stop` with the near ones when no command has it."""
    there = names()
    if name in there:
        return name
    near = difflib.get_close_matches(name.lower(), there, cutoff=0.5)
    hint = NEAR.format(near=" or ".join(near)) if near else ALL.format(names=", ".join(there))
    raise exits.Stop(UNKNOWN.format(name=name, hint=hint), exits.USAGE)


def text() -> str:
    """The page that `python3 -m workbook_site` shows."""
    there = names()
    placed = {name for listed in READERS.values() for name in listed}
    groups = {**READERS, OTHERS: tuple(name for name in there if name not in placed)}
    parts = [
        _group(reader, [name for name in listed if name in there])
        for reader, listed in groups.items()
    ]
    return "".join([TITLE, *parts, END])


def _group(reader: str, listed: list[str]) -> str:
    lines = "".join(f"  {name:<10}{summary(name)}\n" for name in listed)
    return f"\n{reader}\n{lines}" if lines else ""


def summary(name: str) -> str:
    """The first sentence of a command's `help`, or nothing when it has none."""
    tree = ast.parse((COMMANDS / f"{name}.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name == "Command":
            return next((_sentence(item) for item in node.body if _is_help(item)), "")
    return ""


def _is_help(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "help"


def _sentence(node: ast.stmt) -> str:
    assert isinstance(node, ast.Assign)
    value = ast.literal_eval(node.value)
    return str(value).partition(". ")[0].rstrip(".") + "."
