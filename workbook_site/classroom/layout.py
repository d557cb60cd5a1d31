"""The Lab workspace that a learner finds at the first visit: chapter 00, the welcome, the site.

Made once. What the learner moves, opens or closes afterwards is theirs; only the addresses of our
own pages are mended when the server has come to another port or base URL.
"""

import json
from pathlib import Path
from typing import Any

from workbook_site.project.lay import write

NAME = "workbook"

# Tabs of jupyter-server-proxy: it opens them again after a reload, and its launcher's cards open
# the very same ones.
_PROXY = "server-proxy"
TABS = {"welcome": "Welcome", "progress": "Progress", "site": "Live site"}

Workspace = dict[str, Any]


def arrange(folder: Path, base: str, notebook: str) -> None:
    """Make the workspace in Lab's `folder`, with `notebook` open; or mend the one that is there.

    `base` is the server's base URL, `notebook` a path as Jupyter's contents know it.
    """
    from jupyterlab_server.workspaces_handler import WorkspacesManager, slugify

    path = folder / f"{slugify(NAME)}.jupyterlab-workspace"
    if not path.exists():
        manager = WorkspacesManager(str(folder))
        manager.save(NAME, json.dumps(first(base, notebook)))
        return
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        changed = _mended(found["data"], base)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return  # Lab says what is wrong with it, and how to start afresh
    if changed:
        write(path, json.dumps(found))


def first(base: str, notebook: str) -> Workspace:
    """The chapter on the left; on the right the welcome, before the progress, above the site."""
    chapter = f"notebook:{notebook}"
    right = {
        "type": "split-area",
        "orientation": "vertical",
        "sizes": [0.53, 0.47],
        "children": [_tabs(_widget("welcome"), _widget("progress")), _tabs(_widget("site"))],
    }
    dock = {
        "type": "split-area",
        "orientation": "horizontal",
        "sizes": [0.59, 0.41],
        "children": [_tabs(chapter), right],
    }
    sides = {
        "left": {"collapsed": False, "visible": True, "current": "@jupyterlab/toc:plugin"},
        "right": {"collapsed": True, "visible": True},
    }
    return {
        "metadata": {"id": NAME},
        "data": {
            "layout-restorer:data": {
                "main": {"dock": dock, "current": chapter},
                "relativeSizes": [0.21, 0.79, 0],
                **sides,
            },
            chapter: {"data": {"path": notebook, "factory": "Notebook"}},
            **{_widget(name): {"data": _page(name, base)} for name in TABS},
        },
    }


def identity(name: str) -> str:
    """What jupyter-server-proxy calls its server, from which it makes the tab's id."""
    return f"workbook-{name}"


def _widget(name: str) -> str:
    return f"{_PROXY}:{_PROXY}:{identity(name)}"


def _page(name: str, base: str) -> dict[str, Any]:
    return {
        "url": address(base, name),
        "title": TABS[name],
        "newBrowserTab": False,
        "id": f"{_PROXY}:{identity(name)}",
    }


def address(base: str, name: str) -> str:
    """Where a page of ours is, without scheme and host: they may be others tomorrow."""
    return f"{base}workbook/{name}"


def _tabs(*widgets: str) -> dict[str, Any]:
    return {"type": "tab-area", "currentIndex": 0, "widgets": list(widgets)}


def _mended(data: dict[str, Any], base: str) -> bool:
    """Let tabs of ours lead to this server; whether any led elsewhere."""
    changed = False
    for name in TABS:
        tab = data.get(_widget(name), {}).get("data")
        if tab and tab.get("url") != address(base, name):
            tab["url"] = address(base, name)
            changed = True
    return changed
