"""What the renderers of a report have in common: words and signs."""

from itertools import takewhile

from workbook_site.checking.report import FailureData, Outcome, Report
from workbook_site.checking.standing import Standing

WORDS = {
    Outcome.PASSED: "Passed",
    Outcome.NOT_YET: "Not yet",
    Outcome.NOT_TRIED: "Not tried yet",
    Outcome.OUR_FAULT: "Our fault",
}
SYMBOLS = {
    Outcome.PASSED: "✓",
    Outcome.NOT_YET: "✗",
    Outcome.NOT_TRIED: "○",
    Outcome.OUR_FAULT: "!",
}

WAITING = "Write your answer where it says `Your code here`, then run the cell again."
OURS = "The mistake is not in your answer. It costs you nothing."
PROGRESS = "{solved} of {total} exercises of this chapter solved"
EXPECTED, ACTUAL, WHERE = "Expected", "What came", "Where"


def points(value: float) -> str:
    """`3`, `1.5` or `0.67`: points without needless digits."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def score(report: Report) -> str:
    """`1 of 3 points`; nothing while nothing was tried, or nothing counts."""
    if report.outcome is Outcome.NOT_TRIED or not report.possible:
        return ""
    unit = "point" if report.possible == 1 else "points"
    return f"{points(report.points)} of {points(report.possible)} {unit}"


def far(standing: Standing) -> str:
    """`2 of 5 exercises of this chapter solved`."""
    return PROGRESS.format(solved=standing.solved, total=standing.total)


def note(report: Report) -> str:
    """One sentence below the outcome; empty where the checks say all."""
    return {Outcome.NOT_TRIED: WAITING, Outcome.OUR_FAULT: OURS}.get(report.outcome, "")


def of_actual(failure: FailureData) -> str:
    """What `actual` is: what came; or the place, when it was the learner's code that raised."""
    return WHERE if failure.expected is None and failure.traceback else ACTUAL


def alike(one: str, two: str) -> tuple[int, int]:
    """How many characters at the beginning, and then at the end, two texts have in common.

    Whole words count: of `total: 12` and `total: 17`, the numbers differ, not one digit of them.
    """
    before = _alike(one, two)
    return before, _alike(one[before:][::-1], two[before:][::-1])


def _alike(one: str, two: str) -> int:
    """How long both begin alike, in whole words."""
    length = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one, two, strict=False))))
    while length and any(_inside_word(text, length) for text in (one, two)):
        length -= 1
    return length


def _inside_word(text: str, place: int) -> bool:
    around = text[place - 1 : place + 1]
    return len(around) == 2 and all(letter.isalnum() or letter in "_." for letter in around)
