"""A small book of one chapter on which every house rule is content, to be spoilt by tests."""

import sys
from pathlib import Path
from textwrap import dedent

import pytest

CHAPTER = """\
# Sums

**Question:** What is one and one?

**Time:** 5 minutes

**Objectives:** After this chapter you can

- add

## Adding

Look at this.

```python
1 + 1
```

```python
%%site sums/numbers.py
ONE = 1
```

```python tags=["raises-exception"]
1 / 0
```

Nothing can be divided by nothing.

```python
%%exercise add
```

```python
%%exercise double
```

```python
%%exercise negate
```

## Key points

- It adds up.

## Where it fails in production

Nowhere.

## Further reading

[Numbers](https://example.org/numbers)
"""

EXERCISE = '''\
"""Write {name}

Complete the function `{name}`.
"""

from workbook_site.checking import equal

FILE = "mysite/{name}.py"
POINTS = 2
HINTS = ["Think of a sign.", "Put it between the two."]
GIVEN = {{"mysite/urls.py": "# {name} has no address\\n"}}


async def gives_a_number(site):
    """`{name}` gives a number."""
    equal(type(await site.call("mysite.{name}.{name}", 2)), int)


async def gives_the_right_number(site):
    """`{name}` gives the right number."""
    equal(await site.call("mysite.{name}.{name}", 2), {value})
'''

SOLUTION = """\
def {name}(number):
    ### BEGIN SOLUTION
    return {code}
    ### END SOLUTION
"""

EXERCISES = {
    "add": ("number + 1", 3),
    "double": ("number * 2", 4),
    "negate": ("-number", -2),
}


class Book:
    """Content in a folder, as `WORKBOOK_CONTENT` names one."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, path: str, text: str) -> Path:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(dedent(text), encoding="utf-8")
        return target

    def read(self, path: str) -> str:
        return (self.root / path).read_text(encoding="utf-8")

    def change(self, path: str, old: str, new: str) -> None:
        text = self.read(path)
        assert old in text
        self.write(path, text.replace(old, new))

    def fill(self) -> None:
        """The whole book."""
        self.write("notebooks/source/00_sums.md", CHAPTER)
        for name, (code, value) in EXERCISES.items():
            self.write(f"exercises/sums/{name}.py", EXERCISE.format(name=name, value=value))
            self.write(f"solutions/sums/{name}.py", SOLUTION.format(name=name, code=code))
            self.answers(name, code)

    def answers(self, name: str, code: str) -> None:
        """Three right answers and five wrong ones."""
        folder = f"tests/answers/sums/{name}"
        for number in range(3):
            text = f"def {name}(number):\n    return {code}  # {number}\n"
            self.write(f"{folder}/right_{number}.py", text)
        for number in range(5):
            text = f"# expect: right number\ndef {name}(number):\n    return 10{number}\n"
            self.write(f"{folder}/wrong_{number}.py", text)


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Book:
    """A folder for content with nothing in it but its own folders."""
    monkeypatch.setenv("WORKBOOK_CONTENT", str(tmp_path))
    # Tests change a file twice in a second; a compiled copy would not notice.
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    for folder in ("notebooks/source", "exercises", "solutions"):
        (tmp_path / folder).mkdir(parents=True)
    return Book(tmp_path)


@pytest.fixture
def book(empty: Book) -> Book:
    """The whole small book, not printed yet."""
    empty.fill()
    return empty


@pytest.fixture
def printed(book: Book) -> Book:
    """The whole small book, printed."""
    from workbook_site.building.printing import build

    assert not build().wrong
    return book
