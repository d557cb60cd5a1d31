"""What this kernel has booted: one site, one judge. Nothing before `boot`."""

from dataclasses import dataclass, field
from pathlib import Path

from workbook_site.checking.report import Report
from workbook_site.live.judging import Judging
from workbook_site.live.modelwatch import ModelWatch
from workbook_site.live.names import Names
from workbook_site.live.running import Running
from workbook_site.live.saying import Told
from workbook_site.live.site import Site

FIRST = """\
The site is not running in this notebook yet. Run the notebook's first code cell:

    from workbook_site import boot
    site = await boot("{chapter}")"""


@dataclass
class Session:
    """The parts that magics need. `reports`: the last verdict on (chapter, exercise)."""

    workspace: Path
    site: Site
    running: Running
    models: ModelWatch
    judging: Judging
    names: Names
    reports: dict[tuple[str, str], Report] = field(default_factory=dict)

    @property
    def state(self) -> Path:
        """The workspace's folder for progress and locks."""
        return self.workspace / ".workbook"


_current: Session | None = None


def current() -> Session:
    """The session of this kernel. Raises `Told` when there is none yet."""
    if _current is None or _current.site.stopped:
        raise Told(FIRST.format(chapter="three_problems"))
    return _current


def begin(session: Session | None) -> None:
    """Make this the kernel's session."""
    global _current
    _current = session


def begun() -> Session | None:
    """The session, if there is one that wasn't stopped."""
    return _current if _current and not _current.site.stopped else None
