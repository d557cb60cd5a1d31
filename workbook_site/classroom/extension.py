"""What Jupyter loads: our pages, their cards in Lab's launcher, and the first layout."""

import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyter_server.utils import url_path_join

from workbook_site import places, project
from workbook_site.classroom import handlers, layout, noise, pages
from workbook_site.workspace import sites

# The cards, and the page that each opens in a tab of Lab.
CARDS = {"progress": "Workbook", "site": "Live site"}


def _link_jupyter_server_extension(serverapp: Any) -> None:
    """Before anything is loaded: tell jupyter-server-proxy of our cards."""
    cards = {layout.identity(name): _card(name, title) for name, title in CARDS.items()}
    serverapp.config.ServerProxy.servers.update(cards)


def _card(name: str, title: str) -> dict[str, Any]:
    """A card without a server behind it: the page that it opens is ours."""
    return {
        "command": [],
        # It wants to be told of one that runs; nothing leads there.
        "unix_socket": str(places.state() / "no-server"),
        "new_browser_tab": False,
        "launcher_entry": {
            "title": title,
            "path_info": f"workbook/{name}",
            "icon_path": str(pages.ASSETS / f"{name}.svg"),
            "category": "Notebook",
        },
    }


def _load_jupyter_server_extension(serverapp: Any) -> None:
    """Serve the pages; lay out Lab for the first visit."""
    settings = serverapp.web_app.settings
    noise.hush(serverapp.log, settings)
    base = settings["base_url"]
    routes = [(url_path_join(base, path), handler) for path, handler in handlers.ROUTES]
    serverapp.web_app.add_handlers(".*$", routes)
    # Done while the browser opens, so that the first page need not wait for it.
    threading.Thread(target=_prepare, args=(base,), daemon=True).start()
    try:
        _arrange(base, Path(serverapp.root_dir))
    except OSError as why:
        serverapp.log.warning("The workbook's layout of Lab could not be written: %s", why)


def _prepare(base: str) -> None:
    with suppress(OSError):
        sites.prune(places.workspace())
        pages.prepare(base)


def _arrange(base: str, root: Path) -> None:
    from jupyterlab.commands import get_workspaces_dir

    chapters = project.chapters()
    if not chapters or not (places.workspace() / chapters[0].path.name).is_file():
        return
    folder = handlers.folder(root)
    if folder.startswith(".."):
        return  # Lab can't open what lies outside its root
    notebook = f"{folder}/{chapters[0].path.name}".lstrip("/")
    layout.arrange(Path(get_workspaces_dir()), base, notebook)
