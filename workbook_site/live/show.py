"""The live page under a cell, wherever the browser is; once, or twice side by side.

The output holds plain links and a line that stays true in an exported page. A script puts an
iframe below each when the site answers: directly at 127.0.0.1, or through jupyter-server-proxy.
"""

import html
import json
from dataclasses import dataclass

from workbook_site.live.door import HERE

_FRAME = "width:100%;height:{height}px;border:1px solid #8886;border-radius:4px;background:#fff"
_LABEL = "font-size:13px;margin:2px 0"
# Two panes stand side by side where each has room enough, else one below the other.
_ROW = "display:flex;flex-wrap:wrap;gap:8px"
_PANE = "flex:1 1 300px;min-width:0"

PANE = """\
<div data-pane style="{style}"><p style="{label_style}">{label}
<a href="{url}" target="_blank" rel="noopener">{url}</a>
<span data-live>(live while the notebook runs)</span></p></div>"""

PAGE = """\
<div id="{id}" style="{style}">
{panes}
<script>
(() => {{
  const told = {told};
  const place = document.getElementById(told.id);
  if (!place) return;
  const local = ["127.0.0.1", "localhost", "[::1]"].includes(location.hostname)
    || location.protocol === "vscode-webview:";
  const config = document.getElementById("jupyter-config-data");
  let base = "/";
  try {{ base = JSON.parse(config.textContent).baseUrl || "/"; }} catch (error) {{}}
  const proxy = location.origin + base + "proxy/" + told.port;
  const roots = (local ? [told.direct] : []).concat(config ? [proxy] : []);
  const answers = (root) => fetch(root + told.here, {{cache: "no-store"}})
    .then((answer) => answer.ok ? answer.text() : "").then((text) => text.trim() === told.token)
    .catch(() => false);
  const each = (fill) => place.querySelectorAll("[data-pane]").forEach(fill);
  (async () => {{
    for (const root of roots) {{
      if (!(await answers(root))) continue;
      each((pane, number) => {{
        const frame = document.createElement("iframe");
        frame.src = root + told.panes[number].path;
        frame.title = told.panes[number].title;
        frame.style.cssText = told.style;
        pane.querySelector("a").href = frame.src;
        pane.querySelector("[data-live]").remove();
        pane.appendChild(frame);
      }});
      return;
    }}
    each((pane) => {{ pane.querySelector("[data-live]").textContent =
      "(not running: run the notebook to see it)"; }});
  }})();
}})();
</script>
</div>"""


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
    """Pages of the site, side by side when there are several. `height` is in pixels."""

    port: int
    panes: tuple[Pane, ...]
    token: str
    height: int
    number: int

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
            "direct": self._root,
            "style": _FRAME.format(height=self.height),
        }
        # "</" would end the script element, wherever it stands.
        data = json.dumps(told).replace("</", "<\\/")
        panes = "\n".join(map(self._pane, self.panes))
        return PAGE.format(id=identity, style=_ROW, panes=panes, told=data)

    def _pane(self, pane: Pane) -> str:
        return PANE.format(
            style=_PANE,
            label_style=_LABEL,
            label=pane.heading,
            url=html.escape(self._url(pane)),
        )

    def _url(self, pane: Pane) -> str:
        return f"{self._root}{pane.path}"

    @property
    def _root(self) -> str:
        return f"http://127.0.0.1:{self.port}"
