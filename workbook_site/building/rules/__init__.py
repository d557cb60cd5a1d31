"""The rules of the house: what authors need not remember, since each is told with its remedy.

`look()` asks the rules that read; `rules.judged.look()` asks those that need a judge.
"""

from workbook_site.building.content import Content
from workbook_site.building.rules import answers, chapters, exercises, prints
from workbook_site.building.rules.rule import RULES, Finding, Rule

__all__ = [
    "RULES",
    "Content",
    "Finding",
    "Rule",
    "answers",
    "chapters",
    "exercises",
    "look",
    "prints",
]


def look(content: Content | None = None) -> list[Finding]:
    """Every finding about the content, sorted by place; none means that all is well."""
    content = content or Content()
    return sorted({finding for rule in RULES.values() for finding in rule(content)})
