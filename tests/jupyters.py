"""How tests start other people's Jupyter: the real one, short of a grammar that it would compile.

That takes most of each start and is nothing of ours: see `workbook_site.hidden`.
"""

import sys

_BEGIN = (
    "import sys\n"
    "from workbook_site.hidden import ADDRESSES, hide\n"
    "hide(ADDRESSES)\n"
    "from {module} import main\n"
    "sys.exit(main())\n"
)


def _program(module):
    return [sys.executable, "-c", _BEGIN.format(module=module)]


# As `python -m jupyter server`, and as `python -m jupyterlab`; options follow.
SERVER = _program("jupyter_server.serverapp")
LAB = _program("jupyterlab.labapp")
