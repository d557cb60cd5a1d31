"""`site.upstream`: the slow outside services, set and read from a cell.

They are a real HTTP server in a process of its own; each word here is one small request to it.
"""

from __future__ import annotations

import dataclasses
import http.client
import json
import os
import sys
import threading
from typing import Any, Self
from urllib.parse import urlsplit

from workbook_site.live import table
from workbook_site.live.saying import Told
from workbook_site.places import CHECKOUT
from workbook_site.services.process import Child, line, start
from workbook_site.services.upstream import CONTROL, READY, Behaviour, Call

GONE = """\
The outside services do not answer any more. Run the cell with `boot(...)` again to start them.
What they said last:
{log}"""

_COLUMNS = ("service", "behaves", "calls", "in flight", "most in flight")
_KINDS: dict[str, type[Exception]] = {"TypeError": TypeError, "ValueError": ValueError}


class Gone(Told, RuntimeError):
    """The outside services have ended."""


class Outside:
    """The outside services. Every first path segment below `url` is one: `/payments/`, `/mail/`."""

    def __init__(self, child: Child) -> None:
        self._child = child
        self._connection: http.client.HTTPConnection | None = None
        self._one_at_a_time = threading.Lock()

    @classmethod
    def start(cls, *, wait: bool = True) -> Self:
        """Start them. With wait=False this returns at once, and `url` waits until they answer."""
        folders = [str(CHECKOUT), os.environ.get("PYTHONPATH", "")]
        child = start(
            # -P: the folder that we stand in is the learner's, and may hold a `json.py`.
            [sys.executable, "-P", "-m", "workbook_site.services.upstream"],
            name="the outside services",
            ready=line(READY + r"(\S+)"),
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, folders))},
            wait=wait,
        )
        return cls(child)

    def stop(self) -> None:
        """End them, with whatever hangs in them."""
        if self._connection:
            self._connection.close()
        self._child.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    # --- What a cell sets ---

    def set(self, *services: str, **knobs: Any) -> None:
        """Change how services behave: `set("payments", latency=0.4)`. No name means all of them.

        Knobs: latency (seconds), status, reply, hang, disconnect, fail_first, at_once, per_second;
        `services.upstream.Behaviour` tells what each does. TypeError for a knob that there is not,
        ValueError for a value that it can't have.
        """
        self._ask("set", {"services": services, "knobs": knobs})

    def reset(self) -> None:
        """Every service as it was at first, no call remembered, whoever hangs is hung up on."""
        self._ask("reset")

    def hold(self, n: int) -> None:
        """From now on hold every request until `n` are there together; 0 holds nobody."""
        self._ask("hold", {"n": n})

    def release(self) -> None:
        """Let go the requests that are held now."""
        self._ask("release")

    # --- What a cell reads ---

    @property
    def running(self) -> bool:
        """Whether they have not ended."""
        return self._child.running

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`, without a slash at the end."""
        return str(self._child.wait_ready()[1])

    @property
    def calls(self) -> list[Call]:
        """Every call since the last reset, in the order in which they came."""
        return [Call(**call) for call in self._ask("calls")["calls"]]

    @property
    def in_flight(self) -> int:
        """Requests that have come and not been answered."""
        return int(self._state()["in_flight"])

    @property
    def most_in_flight(self) -> int:
        """The most that were in flight together since the last reset."""
        return int(self._state()["most_in_flight"])

    @property
    def connections(self) -> int:
        """How many different connections the calls came over."""
        return int(self._state()["connections"])

    def __getitem__(self, service: str) -> Service:
        """One of them: `site.upstream["payments"].calls`."""
        calls = [call for call in self.calls if call.service == service]
        return Service(service, calls, self._state())

    def _state(self) -> dict[str, Any]:
        return self._ask("state")

    def __repr__(self) -> str:
        return f"The outside services at {self.url}\n\n" + table.text(_COLUMNS, self._rows())

    def _repr_html_(self) -> str:
        return table.html(f"The outside services at {self.url}", _COLUMNS, self._rows())

    def _rows(self) -> list[list[table.Cell]]:
        state = self._state()
        told: list[list[table.Cell]] = [
            [
                name,
                str(Behaviour(**behaviour)),
                state["calls_of"][name],
                state["in_flight_of"][name],
                state["most_in_flight_of"].get(name, 0),
            ]
            for name, behaviour in state["behaviours"].items()
        ]
        return [*told, ["any other", str(Behaviour(**state["default"])), 0, 0, 0]]

    # --- One request ---

    def _ask(self, verb: str, asked: dict[str, Any] | None = None) -> dict[str, Any]:
        body = json.dumps(asked) if asked else None
        with self._one_at_a_time:
            status, said = self._send(f"/{CONTROL}/{verb}", body)
        if status != 200:
            raise _KINDS[said["kind"]](said["error"])
        return said

    def _send(self, path: str, body: str | None) -> tuple[int, dict[str, Any]]:
        try:
            # Not httpx: a timeline shows the project's calls, and these are not among them.
            connection = self._connection = self._connection or http.client.HTTPConnection(
                urlsplit(self.url).netloc, timeout=10
            )
            connection.request("POST", path, body)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException) as error:
            self._connection = None
            raise Gone(GONE.format(log=self._child.log(5) or "(nothing)")) from error
        except BaseException:  # an interrupted cell leaves half an answer behind
            self._connection = None
            raise


@dataclasses.dataclass(frozen=True)
class Service:
    """One outside service, as it was when it was looked at."""

    name: str
    calls: list[Call] = dataclasses.field(repr=False)  # since the last reset
    _state: dict[str, Any] = dataclasses.field(repr=False)

    @property
    def behaviour(self) -> Behaviour:
        """How it behaves."""
        state = self._state
        return Behaviour(**state["behaviours"].get(self.name, state["default"]))

    @property
    def in_flight(self) -> int:
        """Its requests that have come and not been answered."""
        return int(self._state["in_flight_of"].get(self.name, 0))

    @property
    def most_in_flight(self) -> int:
        """The most of its requests that were in flight together."""
        return int(self._state["most_in_flight_of"].get(self.name, 0))
