"""The import graph, drawn from the code itself, and the layers that it must keep."""

import ast
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "workbook_site"

# A part may import the parts named behind it, and itself. Nothing else in the house.
MAY_IMPORT = {
    "places": set(),
    "exits": set(),
    "lock": set(),
    "safe_path": set(),
    "hidden": set(),
    "collector": set(),
    "overview": {"exits"},
    "environment": {"places", "exits", "lock"},
    "command_line": {"exits", "overview", "environment", "inside"},
    "inside": {"exits", "project", "early", "hidden", "collector"},
    "cores": set(),
    "early": {"cores", "judge", "grading"},
    "bootstrap": {"command_line"},
    "lab": {"places", "exits"},
    "project": {"places"},
    "reload": {"places"},
    "services": {"places"},
    "workspace": {"places", "project", "exits", "lock"},
    "checking": {"places", "project", "services", "hidden"},
    "judge": {"places", "project", "services", "reload", "checking", "hidden"},
    "live": {
        *("places", "project", "services", "reload", "checking", "judge", "workspace"),
        *("safe_path", "collector", "hidden"),
    },
    "classroom": {"places", "project", "checking", "workspace", "live"},
    "building": {"places", "project", "checking", "judge"},
    "intake": {"places", "project", "checking"},
    "grading": {
        *("places", "project", "services", "checking", "judge", "intake"),
        *("deployment", "lock", "hidden"),
    },
    "nbgrader": {
        *("places", "exits", "project", "checking", "judge", "intake", "live"),
    },
    "deployment": {"exits"},
    "settings": {"deployment"},
    "urls": {"project", "grading"},
    "asgi": {"grading"},
    "management": {
        *("places", "project", "checking", "judge", "building"),
        *("workspace", "services", "exits", "lab", "grading", "intake"),
        *("deployment", "nbgrader", "cores"),
    },
    "__main__": {"bootstrap"},
    "__init__": {
        "live",
        "nbgrader",
        "safe_path",
        "hidden",
        "collector",
    },  # inside functions only: see the test below
}

# The standard library only, so that they run before anything is installed.
BARE = [
    *("places", "bootstrap", "project", "__main__", "__init__"),
    *(
        "exits",
        "lock",
        "safe_path",
        "collector",
        "overview",
        "environment",
        "command_line",
        "deployment",
        "settings",
    ),
]


def imports(path, *, top=False):
    """The modules that a file imports, as dotted names; with `top`, at import time only."""
    for node in statements(ast.parse(path.read_text(encoding="utf-8")), top):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively; write the whole name"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def statements(block, top):
    """The statements in this one, and those in them, but for what only a type checker reads.

    With `top` none that run later, in a function. Expressions, which are most of a file, are
    passed over: no import stands in one.
    """
    for node in ast.iter_child_nodes(block):
        if not isinstance(node, ast.stmt | ast.ExceptHandler | ast.match_case):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        yield node
        if not (top and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)):
            yield from statements(node, top)


def part(path):
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def modules():
    return [path for path in sorted(ROOT.rglob("*.py")) if part(path) != "starter"]


@cache
def graph():
    """Which part imports which: {"live": {"judge", ...}, ...}."""
    drawn = {}
    for path in modules():
        targets = drawn.setdefault(part(path), set())
        for name in imports(path):
            words = name.split(".")
            if words[0] == "workbook_site" and len(words) > 1:
                targets.add(words[1])
    return {
        source: {target for target in targets if target in MAY_IMPORT and target != source}
        for source, targets in drawn.items()
    }


def test_every_part_has_its_place_in_the_layers():
    unplaced = set(graph()) - set(MAY_IMPORT)
    assert not unplaced, f"Say in {Path(__file__).name} what {unplaced} may import."


@pytest.mark.parametrize("source", MAY_IMPORT)
def test_a_part_imports_only_from_below(source):
    stray = graph().get(source, set()) - MAY_IMPORT[source]
    assert not stray, f"{source} imports {stray}: turn the arrow, or move the shared piece down."


def test_the_layers_have_no_circle():
    order = []
    waiting = dict(MAY_IMPORT)
    while waiting:
        free = [name for name, needs in waiting.items() if needs <= set(order)]
        assert free, f"a circle among {sorted(waiting)}"
        order += free
        for name in free:
            waiting.pop(name)


@pytest.mark.parametrize("bare", BARE)
def test_what_runs_before_the_install_needs_no_dependency(bare):
    at_hand = sys.stdlib_module_names | {"workbook_site", "__future__"}
    for path in modules():
        if part(path) == bare:
            needed = {name.split(".")[0] for name in imports(path, top=True)}
            assert needed <= at_hand, f"{path.name} imports {needed - at_hand} at import time"


def test_the_heart_knows_neither_notebook_nor_grader():
    for path in modules():
        if part(path) == "checking":
            known = {name.split(".")[0] for name in imports(path)}
            assert not known & {"IPython", "ipykernel", "nbclient", "nbformat", "django"}, path.name
