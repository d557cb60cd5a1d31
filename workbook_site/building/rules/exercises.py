"""Rules for `exercises/` and `solutions/`."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from workbook_site import places
from workbook_site.building.content import Content, of, shown, solution_text
from workbook_site.building.prose import headings
from workbook_site.building.rules.rule import Finding, rule
from workbook_site.building.starter import MarkerError, check, starter
from workbook_site.checking.exercise import Exercise
from workbook_site.project import MagicError
from workbook_site.project.magics import parse_site

HINTS = 2
CHECKS = 2

# A hint is a sentence. Shorter ones are slips, such as HINTS = "text", a string and no list.
SHORTEST_HINT = 10


@rule
def exercise_loads(content: Content) -> Iterator[Finding]:
    """An exercise's module can be imported, and has what an exercise needs."""
    for where, why in content.unloadable.items():
        yield Finding(where, f"mend it, it is no exercise yet: {why}")


@rule
def name_is_unique(content: Content) -> Iterator[Finding]:
    """One name means one exercise in the whole workbook."""
    by_name: dict[str, list[Path]] = defaultdict(list)
    for path in content.modules:
        by_name[path.stem].append(path)
    for name, paths in by_name.items():
        for path in paths[1:]:
            told = f"rename it: {shown(paths[0])} is called {name!r} already."
            yield Finding(shown(path), told)


@rule
def title_and_prompt(content: Content) -> Iterator[Finding]:
    """The docstring begins with a title on line one, then, after a blank line, the prompt."""
    for exercise in content.exercises:
        first, second = _docstring(exercise)
        if not first:
            yield Finding(of(exercise), "begin the docstring with the title, on its first line.")
        if not exercise.prompt:
            told = "write the prompt into the docstring, below the title and a blank line."
            yield Finding(of(exercise), told)
        if second:
            yield Finding(of(exercise), "leave the docstring's second line blank, after the title.")


@rule
def prompt_has_no_heading(content: Content) -> Iterator[Finding]:
    """The workbook makes the heading of an exercise; more would upset the outline."""
    for exercise in content.exercises:
        for _, words in headings(exercise.prompt):
            yield Finding(of(exercise), f"make the heading {words!r} in the prompt bold text.")


@rule
def hints(content: Content) -> Iterator[Finding]:
    """At least two hints, each a sentence."""
    for exercise in content.exercises:
        if len(exercise.hints) < HINTS:
            told = f"write {HINTS} or more HINTS, each telling more than the one before."
            yield Finding(of(exercise), told)
        if any(len(hint.strip()) < SHORTEST_HINT for hint in exercise.hints):
            yield Finding(of(exercise), "make HINTS a list of sentences.")


@rule
def points(content: Content) -> Iterator[Finding]:
    """Every exercise is worth something."""
    for exercise in content.exercises:
        if not exercise.points > 0:
            told = f"give it POINTS above zero, not {exercise.points:g}."
            yield Finding(of(exercise), told)


@rule
def files_inside_the_project(content: Content) -> Iterator[Finding]:
    """FILE and the keys of GIVEN are files of the learner's project."""
    for exercise in content.exercises:
        for path in (exercise.file, *exercise.given):
            if not _inside(path):
                told = f"{path!r} is no file of the project; write a path such as blog/views.py."
                yield Finding(of(exercise), told)
        if exercise.file in exercise.given:
            told = f"take {exercise.file!r} out of GIVEN: the answer itself goes there."
            yield Finding(of(exercise), told)


@rule
def checks(content: Content) -> Iterator[Finding]:
    """At least two checks, each with the sentence that the learner reads."""
    for exercise in content.exercises:
        if len(exercise.checks) < CHECKS:
            told = f"write {CHECKS} or more checks, `async def name(site: Site) -> None`."
            yield Finding(of(exercise), told)
        for one in exercise.checks:
            if not (one.run.__doc__ or "").strip().endswith((".", "?", "!")):
                told = f"give the check {one.name} a docstring: one sentence, with its full stop."
                yield Finding(of(exercise), told)


@rule
def public_coroutines_are_checks(content: Content) -> Iterator[Finding]:
    """A public `async def` that is no check would look like one and never be asked."""
    for exercise in content.exercises:
        known = {check.name for check in exercise.checks}
        for name in _public_coroutines(exercise):
            if name not in known:
                told = f"give {name} the one parameter `site`, or begin its name with _."
                yield Finding(of(exercise), told)


@rule
def solution_exists(content: Content) -> Iterator[Finding]:
    """Every exercise has its solution, at the same place under `solutions/`."""
    have = {(path.parent.name, path.stem) for path in content.solutions}
    for path in content.modules:
        if (path.parent.name, path.stem) not in have:
            told = f"write its solution, solutions/{path.parent.name}/{path.name}."
            yield Finding(shown(path), told)


@rule
def no_stray_solution(content: Content) -> Iterator[Finding]:
    """Every solution belongs to an exercise."""
    have = {(path.parent.name, path.stem) for path in content.modules}
    for path in content.solutions:
        if (path.parent.name, path.stem) not in have:
            told = f"remove it, or write exercises/{path.parent.name}/{path.name}."
            yield Finding(shown(path), told)


@rule
def markers_are_balanced(content: Content) -> Iterator[Finding]:
    """Every hole of a solution is opened and closed, and there is one."""
    for path in content.solutions:
        try:
            check(path.read_text(encoding="utf-8"))
        except MarkerError as error:
            yield Finding(shown(path), str(error))


@rule
def starter_differs(content: Content) -> Iterator[Finding]:
    """The starter leaves something to do."""
    for exercise, text in _starters(content):
        if _code(text) == _code(exercise.solution or ""):
            told = "put what the learner has to write between the markers: the starter has it all."
            yield Finding(_solution(exercise), told)


@rule
def starter_and_solution_compile(content: Content) -> Iterator[Finding]:
    """Both are Python, where the file is: a starter that is none greets learners with an error."""
    for exercise, text in _starters(content):
        if PurePosixPath(exercise.file).suffix != ".py":
            continue
        for kind, code in (("solution", exercise.solution or ""), ("starter", text)):
            if wrong := _no_python(code):
                told = f"mend the {kind} that it gives, it is not Python: {wrong}."
                yield Finding(_solution(exercise), told)


def _starters(content: Content) -> Iterator[tuple[Exercise, str]]:
    """Each exercise with its starter, where there is one to be had."""
    for exercise in content.exercises:
        text = solution_text(exercise)
        try:
            if text is not None:
                yield exercise, starter(text, exercise.file)
        except MarkerError:
            continue  # markers_are_balanced tells it


def _solution(exercise: Exercise) -> str:
    return f"solutions/{exercise.chapter}/{exercise.name}.py"


def _code(text: str) -> list[str]:
    """The lines that matter: no blank ones, no comments."""
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _no_python(text: str) -> str:
    try:
        ast.parse(text)
    except SyntaxError as error:
        return f"line {error.lineno}, {error.msg}"
    return ""


def _inside(path: str) -> bool:
    try:
        parse_site(path, "")
    except MagicError:
        return False
    return bool(PurePosixPath(path).suffix)


def _tree(exercise: Exercise) -> ast.Module:
    path = places.exercises() / exercise.chapter / f"{exercise.name}.py"
    return ast.parse(path.read_text(encoding="utf-8"))


def _docstring(exercise: Exercise) -> tuple[str, str]:
    """The first two lines of the docstring, as they stand in the file."""
    lines = (ast.get_docstring(_tree(exercise), clean=False) or "").splitlines()
    first, second, *_ = (*(line.strip() for line in lines), "", "")
    return first, second


def _public_coroutines(exercise: Exercise) -> list[str]:
    nodes = (node for node in _tree(exercise).body if isinstance(node, ast.AsyncFunctionDef))
    return [node.name for node in nodes if not node.name.startswith("_")]
