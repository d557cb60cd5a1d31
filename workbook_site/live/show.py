"""The live page under a cell, wherever the browser is; once, or twice side by side.

The output holds plain links and a picture of the page: what it was when the cell ran, in a sandbox
that runs no script and reaches nothing. A script puts the live page in its place when the site
answers: at this machine, or through jupyter-server-proxy. Otherwise a line says why it does not.
"""

import functools
import html
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workbook_site.workspace.sites import HERE

_FRAME = "width:100%;height:{height}px;border:1px solid #8886;border-radius:4px;background:#fff"
_LABEL = "font-size:13px;margin:2px 0"
# Two panes stand side by side where each has room enough, else one below the other.
_ROW = "display:flex;flex-wrap:wrap;gap:8px"
_PANE = "flex:1 1 300px;min-width:0"

STILL = "Below is the page as it was when the cell ran; nothing in it moves or can be clicked."

PANE = """\
<div data-pane style="{style}"><p style="{label_style}">{label}
<a href="{url}" target="_blank" rel="noopener">{url}</a>
<span data-live style="display:block" data-otherwise="{still}">{still}</span></p>{picture}</div>"""

# No word after `sandbox`: no scripts, no forms, no windows, and an origin of its own.
PICTURE = (
    '<iframe data-still sandbox title="{title}, as it was" style="{style}" srcdoc="{document}">'
    "</iframe>"
)

PAGE = """\
<div id="{id}" style="{style}">
{panes}
<script>
(() => {{
{script}
show({told});
}})();
</script>
</div>"""

# The picture of a path, as an HTML document.
Taking = Callable[[str], str]


@dataclass(frozen=True)
class Pane:
    """One iframe: a path of the site, and what stands above it (nothing special when empty)."""

    path: str
    label: str = ""

    @property
    def title(self) -> str:
        """What a screen reader calls it."""
        return f"{self.label}: the live page {self.path}" if self.label else self._plainly

    @property
    def heading(self) -> str:
        """The words before its link."""
        return f"<strong>{html.escape(self.label)}</strong>" if self.label else "The live page"

    @property
    def _plainly(self) -> str:
        return f"The live page {self.path}"


@dataclass(frozen=True)
class Page:
    """Pages of the site, side by side when there are several. `height` is in pixels.

    `taking` takes the picture of one.
    """

    port: int
    panes: tuple[Pane, ...]
    token: str
    height: int
    number: int
    taking: Taking

    @property
    def url(self) -> str:
        """The first one's address on the machine that runs the kernel."""
        return self._url(self.panes[0])

    def __repr__(self) -> str:
        return "\n".join(f"{pane.title} is at {self._url(pane)}" for pane in self.panes)

    def _repr_html_(self) -> str:
        identity = f"workbook-{self.token[:8]}-{self.number}"
        told = {
            "id": identity,
            "port": self.port,
            "panes": [{"path": pane.path, "title": pane.title} for pane in self.panes],
            "token": self.token,
            "here": HERE,
            "style": _FRAME.format(height=self.height),
        }
        # "</" would end the script element, wherever it stands.
        data = json.dumps(told).replace("</", "<\\/")
        pictures = {path: self.taking(path) for path in {pane.path for pane in self.panes}}
        panes = "\n".join(self._pane(pane, pictures[pane.path]) for pane in self.panes)
        return PAGE.format(id=identity, style=_ROW, panes=panes, script=script(), told=data)

    def _pane(self, pane: Pane, document: str) -> str:
        picture = PICTURE.format(
            title=html.escape(pane.title),
            style=_FRAME.format(height=self.height),
            document=html.escape(document),
        )
        return PANE.format(
            style=_PANE,
            label_style=_LABEL,
            label=pane.heading,
            url=html.escape(self._url(pane)),
            still=html.escape(STILL),
            picture=picture,
        )

    def _url(self, pane: Pane) -> str:
        return f"http://127.0.0.1:{self.port}{pane.path}"


@functools.cache
def script() -> str:
    """What finds the site and puts it under the cell."""
    return "\n".join(asset(name) for name in ("find.js", "show.js"))


def asset(name: str) -> str:
    """The text of one of `assets/`."""
    return (Path(__file__).parent / "assets" / name).read_text(encoding="utf-8")
