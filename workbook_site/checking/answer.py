"""An HTTP answer of the judged project, as a check asks it: `answer.status(200).json({...})`."""

import http
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from workbook_site.checking.data import Unset, learners, parse, unset
from workbook_site.checking.failure import Failure, equal
from workbook_site.checking.judged import explain

# How much of a page a failure shows around, or instead of, what was looked for.
EXCERPT = 600

STATUS = "{request} answered {found}, not {expected}."
NOT_JSON = "{request} answered with something that is not JSON."
OTHER_JSON = "{request} answered with other data."
LACKS = "The answer to {request} does not contain {text!r}."
CONTAINS = "The answer to {request} contains {text!r}, which it should not."
NO_HEADER = "The answer to {request} has no header {name!r}."
OTHER_HEADER = "The answer to {request} has another {name!r} header."
NOT_FOUND = "Is there a route for {path} in urls.py?"


@dataclass(frozen=True)
class Answer:
    """What came back. `waited`: virtual seconds between asking and answering.

    Each method that checks raises `Failure` with what was expected and what came.
    """

    request: str
    path: str
    code: int
    headers: Mapping[str, str]
    text: str
    waited: float = 0.0
    # Which request of the judged process it answers.
    number: str = ""
    # What the learner's code raised, when it did.
    mishap: Mapping[str, Any] | None = field(default=None, repr=False)

    def status(self, expected: int, nudge: str = "") -> Self:
        """It has this HTTP status."""
        if self.code == expected:
            return self
        if self.mishap:
            raise Failure(**explain(self.mishap))
        raise Failure(
            STATUS.format(request=self.request, found=_name(self.code), expected=_name(expected)),
            expected=expected,
            actual=self.code,
            nudge=nudge or (NOT_FOUND.format(path=self.path) if self.code == 404 else ""),
        )

    def json(self, expected: Any = unset, nudge: str = "") -> Any:
        """Its body as data; when `expected` is given, it equals that.

        Looking up what the data lacks (`data["total"]`) is a failure of the answer, too.
        """
        try:
            found = parse(self.text)
        except ValueError:
            if self.code >= 400:
                self.status(200)
            told = NOT_JSON.format(request=self.request)
            raise Failure(told, actual=self._excerpt(), nudge=nudge) from None
        if not isinstance(expected, Unset):
            equal(found, expected, OTHER_JSON.format(request=self.request), nudge)
        return learners(found)

    def contains(self, *texts: str, nudge: str = "") -> Self:
        """Its body contains all of these texts."""
        for text in texts:
            if text not in self.text:
                self._not_an_error()
                told = LACKS.format(request=self.request, text=text)
                raise Failure(told, expected=text, actual=self._excerpt(), nudge=nudge)
        return self

    def lacks(self, *texts: str, nudge: str = "") -> Self:
        """Its body contains none of these texts."""
        for text in texts:
            if text in self.text:
                told = CONTAINS.format(request=self.request, text=text)
                raise Failure(told, actual=self._excerpt(text), nudge=nudge)
        return self

    def header(self, name: str, expected: str | None = None, nudge: str = "") -> str:
        """One header's value; when `expected` is given, it equals that."""
        found = self.headers.get(name.lower())
        if found is None:
            told = NO_HEADER.format(request=self.request, name=name)
            raise Failure(told, expected=expected, nudge=nudge)
        if expected is not None:
            equal(found, expected, OTHER_HEADER.format(request=self.request, name=name), nudge)
        return found

    def _not_an_error(self) -> None:
        """An error page is told by its error, not by what it lacks."""
        if self.code >= 400:
            self.status(200)

    def _excerpt(self, text: str = "") -> str:
        start = max(0, self.text.find(text) - EXCERPT // 2) if text else 0
        cut = self.text[start : start + EXCERPT]
        before, after = "…" * bool(start), "…" * (start + EXCERPT < len(self.text))
        return f"{before}{cut}{after}" or "(nothing)"


def _name(code: int) -> str:
    try:
        return f"{code} {http.HTTPStatus(code).phrase}"
    except ValueError:
        return str(code)
