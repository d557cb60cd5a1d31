"""What a judged process is told before it begins, and what its exit codes mean."""

import dataclasses
import json
from dataclasses import dataclass

from workbook_site.judge.limits import Limits

# Exit codes that mean something to the judge: the project can't be loaded; something of ours went
# wrong before any of its code ran; its process broke down afterwards.
BROKEN, OURS, BROKE_DOWN = 91, 92, 93


@dataclass(frozen=True)
class Job:
    """What one judged process is to be. Paths are absolute; `site` and `state` exist.

    migrate: bring the database up to the models before serving. serve: false for a process that
    only prepares a database. checks: tags of those of Django's system checks whose files the answer
    changes, the others having found nothing without it; None for all. libraries: words of
    `judge.libraries`.
    """

    site: str
    state: str
    upstream: str
    migrate: bool
    serve: bool
    limits: Limits
    checks: tuple[str, ...] | None = None
    libraries: tuple[str, ...] = ()

    def to_json(self) -> str:
        """For a command line or a socket; `from_json` is the way back."""
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Job":
        """The job that `to_json` wrote."""
        told = json.loads(text)
        return cls(**{**told, "limits": Limits(**told["limits"])})


@dataclass(frozen=True)
class Ends:
    """The child's ends of what ties it to the judge, as file descriptors.

    http: a listening socket. verbs: the agent's line. watch: closed when the judge is gone.
    output: where prints go.
    """

    http: int
    verbs: int
    watch: int
    output: int
