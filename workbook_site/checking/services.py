"""`site.upstream`: the slow outside services, as a check sets and reads them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from workbook_site.services.upstream import Call, Upstream


class Services:
    """Every service answers at once with its usual answer, until a check says otherwise."""

    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream

    # --- Setting ---

    def set(self, *services: str, **knobs: Any) -> None:
        """Any knob of `services.upstream.Behaviour`; `latency` is in virtual seconds."""
        self._upstream.set(*services, **knobs)

    def reply(self, service: str, json: Any, status: int = 200) -> None:
        """From now on this service answers with this data."""
        self.set(service, reply=json, status=status, hang=False, disconnect=False)

    def hang(self, *services: str) -> None:
        """These services take a request and never answer."""
        self.set(*services, hang=True)

    def fail(self, service: str, how: int | Literal["disconnect"] = 503) -> None:
        """This service answers with an error status, or hangs up without an answer."""
        if how == "disconnect":
            self.set(service, disconnect=True)
        else:
            self.set(service, status=how, reply=None)

    def recover(self, *services: str) -> None:
        """These services (all, when none is named) are well again, with their usual answers."""
        well = {"hang": False, "disconnect": False, "status": 200, "fail_first": 0, "latency": 0.0}
        self.set(*services, **well, reply=None, at_once=None, per_second=None)

    def hold(self, together: int) -> None:
        """Hold each request until so many are in flight, or the judged process does no more."""
        self._upstream.hold(together)

    def reset(self) -> None:
        """As at the beginning: usual answers, nothing held, no call remembered."""
        self._upstream.reset()

    # --- Reading ---

    @property
    def calls(self) -> Sequence[Call]:
        """Every request so far, in the order in which they came."""
        return self._upstream.calls

    def calls_of(self, service: str) -> Sequence[Call]:
        """Those of one service."""
        return self._upstream.recorder.calls_of(service)

    @property
    def in_flight(self) -> int:
        """Requests that are not answered yet."""
        return self._upstream.in_flight

    @property
    def most_in_flight(self) -> int:
        """The most that were in flight together."""
        return self._upstream.most_in_flight

    def most_in_flight_of(self, service: str) -> int:
        """The same, at one service."""
        return self._upstream.recorder.most_in_flight_of[service]

    @property
    def connections(self) -> int:
        """How many connections the calls came over."""
        return self._upstream.connections
