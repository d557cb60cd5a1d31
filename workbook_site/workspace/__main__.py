"""`python -m workbook_site.workspace`: bring the chapters to the workspace, newer versions too.

What `lab` does before it opens, for a Jupyter that somebody else starts: on Binder, on a hub.
"""

import sys

from workbook_site import exits, places
from workbook_site.workspace import delivery


def main() -> int:
    """Deliver, and say what came; the answer is the exit code."""
    folder = places.workspace()
    try:
        delivered = str(delivery.deliver(folder))
    except exits.Stop as stop:
        sys.stderr.write(f"{stop}\n")
        return stop.code
    if delivered:
        sys.stdout.write(f"Notebooks in {folder}:\n{delivered}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
