"""`python3 -m workbook_site COMMAND`, and `python3 path/to/workbook_site COMMAND` as well.

This file, `bootstrap.py` and the package's `__init__.py` also parse on Pythons that are too old
for the rest, back to 2.7, so that such a Python is told so in a sentence.
"""

import os
import sys

if not __package__:
    # Run by its path: this folder itself stands first on the path, and its modules would be found
    # under the wrong names.
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

from workbook_site import bootstrap

if __name__ == "__main__":
    sys.exit(bootstrap.main(sys.argv[1:]))
