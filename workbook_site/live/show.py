"""The live page under a cell, wherever the browser is.

The output holds a plain link and a line that stays true in an exported page. A script puts an
iframe in its place when the site answers: directly at 127.0.0.1, or through jupyter-server-proxy.
"""

import html
import json
from dataclasses import dataclass

from workbook_site.live.door import HERE

_FRAME = "width:100%;height:{height}px;border:1px solid #8886;border-radius:4px;background:#fff"

PAGE = """\
<div id="{id}">
<p style="font-size:13px;margin:2px 0">The live page
<a href="{url}" target="_blank" rel="noopener">{url}</a>
<span data-live>(live while the notebook runs)</span></p>
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
  (async () => {{
    for (const root of roots) {{
      if (!(await answers(root))) continue;
      const frame = document.createElement("iframe");
      frame.src = root + told.path;
      frame.title = told.title;
      frame.style.cssText = told.style;
      place.querySelector("a").href = frame.src;
      place.querySelector("[data-live]").remove();
      place.appendChild(frame);
      return;
    }}
    place.querySelector("[data-live]").textContent = "(not running: run the notebook to see it)";
  }})();
}})();
</script>
</div>"""


@dataclass(frozen=True)
class Page:
    """One page of the site. `height` is in pixels."""

    port: int
    path: str
    token: str
    height: int
    number: int

    @property
    def url(self) -> str:
        """Its address on the machine that runs the kernel."""
        return f"http://127.0.0.1:{self.port}{self.path}"

    def __repr__(self) -> str:
        return f"The live page {self.path} is at {self.url}"

    def _repr_html_(self) -> str:
        identity = f"workbook-{self.token[:8]}-{self.number}"
        told = {
            "id": identity,
            "port": self.port,
            "path": self.path,
            "token": self.token,
            "here": HERE,
            "direct": f"http://127.0.0.1:{self.port}",
            "title": f"The live page {self.path}",
            "style": _FRAME.format(height=self.height),
        }
        # "</" would end the script element, wherever it stands.
        return PAGE.format(
            id=identity,
            url=html.escape(self.url),
            told=json.dumps(told).replace("</", "<\\/"),
        )
