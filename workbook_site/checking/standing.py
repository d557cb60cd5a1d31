"""What the notebook knows beside one verdict: how far the learner is, and what may be shown."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Standing:
    """`solved` of `total` exercises of the chapter; `solution` is empty while it stays closed."""

    solved: int = 0
    total: int = 0
    solution: str = ""
