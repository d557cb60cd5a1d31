"""Lets every program and notebook of an environment find the workbook and its magics.

    python -m workbook_site.environment.dress

dresses the environment of the interpreter that runs it: what images for Binder, JupyterHub and
editors do once, when they are built. Then a chapter can be opened in any Jupyter of it.
"""

import os
import shutil
import sys
import sysconfig
from pathlib import Path

from workbook_site import places

KERNEL_CONFIG = """\
# Written by the workbook: its magics are known to every notebook of this environment.
c = get_config()  # noqa: F821
c.InteractiveShellApp.extensions.append("workbook_site")
"""

DRESSED = "{prefix} knows the workbook in {checkout}."


def dress(prefix: Path, packages: Path, checkout: Path) -> None:
    """Have the environment at `prefix`, with its `packages`, import the workbook in `checkout`.

    A kernel configuration that is there already is left as it is. Raises `OSError`.
    """
    path = packages / "workbook_site.pth"
    path.write_text(f"{checkout}{os.linesep}", encoding="utf-8")
    config = prefix / "etc" / "ipython" / "ipython_kernel_config.py"
    if not config.exists():
        config.parent.mkdir(parents=True, exist_ok=True)
        config.write_text(KERNEL_CONFIG, encoding="utf-8")


def quieten(prefix: Path, checkout: Path) -> None:
    """Have the JupyterLab at `prefix` ask for no news, unless it is set up otherwise."""
    ours = checkout / "workbook_site" / "jupyter" / "labconfig" / "page_config.json"
    target = prefix / "etc" / "jupyter" / "labconfig" / "page_config.json"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ours, target)


def main() -> None:
    """Dress this interpreter's own environment."""
    prefix, packages = Path(sys.prefix), Path(sysconfig.get_path("purelib"))
    dress(prefix, packages, places.CHECKOUT)
    quieten(prefix, places.CHECKOUT)
    sys.stdout.write(DRESSED.format(prefix=prefix, checkout=places.CHECKOUT) + "\n")


if __name__ == "__main__":
    main()
