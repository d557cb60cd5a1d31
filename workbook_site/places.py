"""Where things are. Standard library only: the bootstrap and every part may ask."""

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent

# A learner's workspace is known by this folder in it: progress, backups, caches.
STATE = ".workbook"


def content() -> Path:
    """The folder that holds `notebooks/`, `exercises/` and `solutions/`.

    The checkout itself, unless `WORKBOOK_CONTENT` names another: authors of a course of their own
    keep their chapters elsewhere.
    """
    return Path(os.environ.get("WORKBOOK_CONTENT") or CHECKOUT).resolve()


def notebooks() -> Path:
    """The printed notebooks, `NN_CHAPTER.ipynb`."""
    return content() / "notebooks"


def sources() -> Path:
    """What authors edit, `NN_CHAPTER.md`."""
    return notebooks() / "source"


def exercises() -> Path:
    """One module for each exercise, `CHAPTER/NAME.py`."""
    return content() / "exercises"


def solutions() -> Path:
    """One answer for each exercise, `CHAPTER/NAME.py`. May be absent: a class gets none."""
    return content() / "solutions"


def starter() -> Path:
    """The empty Django project that a learner's project grows from."""
    return CHECKOUT / "workbook_site" / "starter"


def workspace() -> Path:
    """The learner's own folder: `WORKBOOK_WORKSPACE`, the one we stand in, or the default."""
    named = os.environ.get("WORKBOOK_WORKSPACE")
    if named:
        return Path(named).resolve()
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / STATE).is_dir():
            return folder
    return CHECKOUT / "my_workbook"


def state() -> Path:
    """The workspace's folder for progress, backups and caches."""
    return workspace() / STATE


def newsroom() -> Path:
    """The learner's Django project in the workspace; where a link leads, if it is one."""
    return (workspace() / "newsroom").resolve()
