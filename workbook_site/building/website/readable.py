"""An executed chapter as it may be read by somebody who runs nothing.

- An exercise shows its starter. The reference answer that was executed stays out, its verdict
  stays in.
- A live page can't be shown: what would look for it (scripts, frames, links to a server that is
  gone) is taken out. Its picture stays, which is a document in a sandbox, and so do the words.
- Paths of the machine that executed it say nothing to a reader, and are cut short.
"""

import copy
import re
from collections.abc import Mapping
from typing import Any

from workbook_site.building.expect import EXPECTED_ERROR, REPORT, tags
from workbook_site.checking.html import render
from workbook_site.checking.report import Report
from workbook_site.project import Cell

REFERENCE = "The verdict on the reference answer, which is not shown here:"

_SCRIPT = re.compile(r"<script\b.*?</script\s*>", re.DOTALL | re.IGNORECASE)
_FRAME = re.compile(r"<iframe\b(?![^>]*\bsrcdoc=).*?</iframe\s*>", re.DOTALL | re.IGNORECASE)
_LOCAL = r"https?://(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?"
_LINK = re.compile(rf'<a\b[^>]*\bhref="{_LOCAL}(/[^"]*)?"[^>]*>.*?</a\s*>', re.DOTALL)
_PATHS = (
    (re.compile(r"(?:/[\w.+-]+)*/workbook-\w+/my_workbook\b"), "my_workbook"),
    (re.compile(r"(?:/[\w.+-]+)+/(?:site|dist)-packages/"), ".../site-packages/"),
    (re.compile(r"(?:/[\w.+-]+)+/lib/(python3\.\d+)/"), r".../\1/"),
)


def readable(notebook: Any, printed: Mapping[str, Cell]) -> Any:
    """A copy of the executed notebook for a reader. `printed` are the chapter's cells by id."""
    shown = copy.deepcopy(notebook)
    for cell in shown.cells:
        if cell.cell_type != "code":
            continue
        if cell.metadata.get("workbook", {}).get("exercise"):
            cell.source = printed[cell.id].source
            cell.outputs = [_verdict(output) for output in cell.outputs if _report(output)]
        cell.metadata["meant"] = EXPECTED_ERROR in tags(cell)
        cell.outputs = _joined(cell.outputs)
        for output in cell.outputs:
            _plain(output)
    return shown


def _report(output: Any) -> Any:
    return output.get("data", {}).get(REPORT)


def _verdict(output: Any) -> Any:
    """The panel without what was printed, and without the solution, which opens after passing."""
    told = {**dict(_report(output)), "output": ""}
    panel = f"<p class='note'>{REFERENCE}</p>{render(Report.from_json(told))}"
    output.data = type(output.data)({"text/html": panel})
    return output


def _joined(outputs: list[Any]) -> list[Any]:
    """What was printed one after the other, as one piece."""
    joined: list[Any] = []
    for output in outputs:
        name = output.get("name")
        if name and joined and joined[-1].get("name") == name:
            joined[-1].text += output.text
        else:
            joined.append(output)
    return joined


def _plain(output: Any) -> None:
    if output.output_type == "stream":
        output.text = _short(output.text).rstrip("\n")
    elif output.output_type == "error":
        output.traceback = [_short(line) for line in output.traceback]
    else:
        for kind, value in output.data.items():
            if kind == "text/html":
                output.data[kind] = _short(_still("".join(value)))
            elif kind == "text/plain":
                output.data[kind] = _short("".join(value))


def _still(html: str) -> str:
    """HTML in which nothing runs, and nothing leads to the server that is gone."""
    html = _FRAME.sub("", _SCRIPT.sub("", html))
    return _LINK.sub(lambda found: f"<code>{found[1] or '/'}</code>", html)


def _short(text: str) -> str:
    for path, instead in _PATHS:
        text = path.sub(instead, text)
    return text
