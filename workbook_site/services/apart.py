"""What a process of the learner's project is started with. It knows nothing of the workbook."""

import os
from collections.abc import Mapping
from pathlib import Path

from workbook_site.places import CHECKOUT

SETTINGS = "mysite.settings"


def environment(told: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment for `manage.py` or a web server in the project's folder.

    That of this process, with the project's settings, without the workbook's own modules, and so
    that what is printed comes out at once.
    """
    paths = told.get("PYTHONPATH", "").split(os.pathsep)
    kept = [path for path in paths if path and not _is_checkout(path)]
    return {
        **{name: value for name, value in told.items() if name != "PYTHONPATH"},
        **({"PYTHONPATH": os.pathsep.join(kept)} if kept else {}),
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "PYTHONUNBUFFERED": "1",
    }


def _is_checkout(path: str) -> bool:
    return Path(path).resolve() == CHECKOUT
