"""What the class found hard, as one page."""

from __future__ import annotations

from html import escape

from workbook_site.checking.html import inline
from workbook_site.grading.exports.pages import page
from workbook_site.grading.insight import Insight, plot

TITLE = "What the class found hard"
NOTHING = "Nothing is graded yet."


def insight_html(found: list[Insight]) -> str:
    """A plot for each chapter, its data as a table, and the commonest failures."""
    parts = [f"<h1>{TITLE}</h1>"]
    chapters = list(dict.fromkeys(each.chapter for each in found))
    for chapter in chapters:
        here = [each for each in found if each.chapter == chapter]
        heading = escape(chapter.replace("_", " ").capitalize())
        parts += [f"<h2>{heading}</h2>", plot(here), _table(here), _failures(here)]
    return page(TITLE, "\n".join(parts) if found else f"{parts[0]}<p>{NOTHING}</p>")


def _table(found: list[Insight]) -> str:
    rows = "".join(
        f"<tr><th scope=row>{escape(each.title)} <small>{_plain(each.exercise)}</small>"
        + "".join(
            f"<td class=n>{cell}"
            for cell in (
                each.answers,
                f"{each.passed} ({each.share:.0%})",
                each.not_yet,
                each.not_tried,
                f"{each.mean:.0%}",
            )
        )
        for each in found
    )
    heads = "".join(
        f"<th scope=col class=n>{word}"
        for word in ("Answers", "Passed", "Not yet", "Not tried", "Mean points")
    )
    return f"<table><thead><tr><th scope=col>Exercise{heads}</thead><tbody>{rows}</tbody></table>"


def _failures(found: list[Insight]) -> str:
    parts = [
        f"<details open><summary>{escape(each.title or each.exercise)}: what went wrong most"
        f"</summary><ol>{''.join(_failure(*told) for told in _told(each))}</ol></details>"
        for each in found
        if each.commonest
    ]
    return "\n".join(parts)


def _told(each: Insight) -> list[tuple[int, str, str]]:
    return [(common.count, common.sentence, common.message) for common in each.commonest]


def _failure(count: int, sentence: str, message: str) -> str:
    answers = "1 answer" if count == 1 else f"{count} answers"
    return f"<li>{answers}: {inline(sentence)}<br><small>{inline(message)}</small></li>"


def _plain(exercise: str) -> str:
    return escape(exercise.replace("_", " "))
