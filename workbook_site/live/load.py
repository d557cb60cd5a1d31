"""Load on the site, from a process apart: one that shared the kernel's would slow what it measures.

    load = await site.load("/dashboard/", requests=20, at_once=20)
    python -m workbook_site.live.load URL REQUESTS AT_ONCE TIMEOUT     # what that runs

The process says what it saw as one line of JSON.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import os
import statistics
import sys
import time
from collections import Counter
from typing import Any

import httpx

from workbook_site.live import table as tables
from workbook_site.live.words import duration
from workbook_site.places import CHECKOUT
from workbook_site.services.process import Child, start

BAD_COUNT = "{name} is {value!r}; it has to be a whole number, 1 or more."
BROKEN = """\
The load generator ended before it had measured anything. What it said last:
{log}"""
_LINE = "load "
_LOOK = 0.01  # seconds between two looks at a generator that is at work


@dataclasses.dataclass(frozen=True, repr=False)
class Load:
    """What came of it. seconds: one a request that was answered, in the order of the answers.

    total: seconds from the first request sent to the last answer. statuses: how often each status
    came. errors: one text a request that got no answer.
    """

    url: str
    at_once: int
    total: float
    seconds: list[float]
    statuses: Counter[int]
    errors: list[str]

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return len(self.seconds) + len(self.errors)

    @property
    def ok(self) -> bool:
        """Whether every request was answered with a status below 400."""
        return not self.errors and all(status < 400 for status in self.statuses)

    @property
    def median(self) -> float:
        """Seconds within which half of the answers came; NaN when none did."""
        return statistics.median(self.seconds) if self.seconds else float("nan")

    @property
    def slowest(self) -> float:
        """Seconds that the slowest answer took; NaN when none came."""
        return max(self.seconds, default=float("nan"))

    @property
    def per_second(self) -> float:
        """Answers a second, over the whole."""
        return len(self.seconds) / self.total

    def __repr__(self) -> str:
        return repr(self._summary())

    def _repr_html_(self) -> str:
        return self._summary()._repr_html_()

    def table(self) -> tables.Table:
        """Every answer, in the order in which they came, with what it took."""
        rows = [(n, duration(took)) for n, took in enumerate(self.seconds, 1)]
        return tables.Table(f"Answers from {self.url}", ("answer", "took"), rows)

    def _summary(self) -> tables.Table:
        return tables.Table(f"Load on {self.url}", ("what", "how much"), self._rows())

    def _rows(self) -> list[list[tables.Cell]]:
        rows: list[list[tables.Cell]] = [
            ["requests", f"{self.requests}, {self.at_once} at once"],
            ["all done in", duration(self.total)],
        ]
        if self.seconds:
            rows += [
                ["median answer", duration(self.median)],
                ["slowest answer", duration(self.slowest)],
                ["answers a second", f"{self.per_second:.3g}"],
            ]
        statuses = (f"{n} × {status}" for status, n in sorted(self.statuses.items()))
        rows.append(["statuses", ", ".join(statuses) or "no answer"])
        errors = (f"{n} × {error}" for error, n in Counter(self.errors).items())
        if self.errors:
            rows.append(["errors", ", ".join(errors)])
        return rows


async def load(url: str, *, requests: int = 20, at_once: int = 20, timeout: float = 60.0) -> Load:
    """Send so many GET requests to a URL, so many at a time, each of those on its connection.

    `timeout`: seconds after which a request counts as an error. ValueError for a count below 1.
    Cancelling it ends the process.
    """
    for name, value in {"requests": requests, "at_once": at_once}.items():
        if type(value) is not int or value < 1:
            raise ValueError(BAD_COUNT.format(name=name, value=value))
    told = await _run([url, str(requests), str(min(at_once, requests)), str(timeout)])
    statuses = Counter({int(status): n for status, n in told.pop("statuses").items()})
    return Load(url=url, at_once=min(at_once, requests), statuses=statuses, **told)


async def _run(arguments: list[str]) -> dict[str, Any]:
    child = start(
        [sys.executable, "-P", "-m", "workbook_site.live.load", *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(_folders())},
        name="the load generator",
        wait=False,
    )
    try:
        while child.running:  # noqa: ASYNC110 - what tells of its end is not the loop's
            await asyncio.sleep(_LOOK)
        return _told(child)
    finally:
        child.kill()


def _folders() -> list[str]:
    return [folder for folder in (str(CHECKOUT), os.environ.get("PYTHONPATH")) if folder]


def _told(child: Child) -> dict[str, Any]:
    for said in child.log().splitlines():
        if said.startswith(_LINE):
            told: dict[str, Any] = json.loads(said.removeprefix(_LINE))
            return told
    raise RuntimeError(BROKEN.format(log=child.log(10) or "(nothing)"))


# --- In the process apart ---


async def measure(url: str, requests: int, at_once: int, timeout: float) -> dict[str, Any]:
    """Send the requests and note each answer: the fields of a `Load`, as JSON can carry them."""
    seconds: list[float] = []
    statuses: Counter[int] = Counter()
    errors: list[str] = []
    left = iter(range(requests))

    async def ask(client: httpx.AsyncClient) -> None:
        for _ in left:  # shared: who is free takes the next
            began = time.perf_counter()
            try:
                answer = await client.get(url)
            except httpx.HTTPError as error:
                errors.append(type(error).__name__)
            else:
                seconds.append(time.perf_counter() - began)
                statuses[answer.status_code] += 1

    limits = httpx.Limits(max_connections=at_once, max_keepalive_connections=at_once)
    async with httpx.AsyncClient(limits=limits, timeout=timeout, trust_env=False) as client:
        began = time.perf_counter()
        await asyncio.gather(*(ask(client) for _ in range(at_once)))
        total = time.perf_counter() - began
    return {"total": total, "seconds": seconds, "statuses": statuses, "errors": errors}


def main() -> None:
    """Measure, and say what came of it."""
    url, requests, at_once, timeout = sys.argv[1:]
    told = asyncio.run(measure(url, int(requests), int(at_once), float(timeout)))
    print(_LINE + json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
