"""One shape for every house rule: a function from the content to findings.

    @rule
    def titles(content: Content) -> Iterator[Finding]:
        "Every exercise has a title."

A finding's message is the remedy: it says what to do.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workbook_site.building.content import Content


@dataclass(frozen=True, order=True)
class Finding:
    """Something that is not as the house wants it: where, and what to do about it."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


Rule = Callable[[Content], Iterator[Finding]]

RULES: dict[str, Rule] = {}


def rule(function: Rule) -> Rule:
    """Make this function a rule of the house, known by its name."""
    assert function.__name__ not in RULES
    RULES[function.__name__] = function
    return function
