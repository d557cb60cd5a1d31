"""How nbgrader grades the Async Django Workbook. Settings of your own go below.

Written by `python3 -m workbook_site build --nbgrader DIR`.
"""

import os
import secrets
import sys
from pathlib import Path

from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.preprocessors import ClearSolutions, Execute, OverwriteCells

COURSE = Path(__file__).resolve().parent
sys.path.insert(0, str(COURSE))

from workbook_cells import Complete, Judged, Starters, Verdicts  # noqa: E402

c = get_config()  # noqa: F821

c.CourseDirectory.root = str(COURSE)

# Students see the starter that the workbook prints, in place of the solution.
c.GenerateAssignment.preprocessors = [
    Starters if each is ClearSolutions else each
    for each in GenerateAssignment.class_traits()["preprocessors"].default()
]

# Verdicts that a submission lacks are put back first; then nbgrader looks at what was changed.
c.Autograde.sanitize_preprocessors = [
    found
    for each in Autograde.class_traits()["sanitize_preprocessors"].default()
    for found in ([Complete, each] if each is OverwriteCells else [each])
]
# Only verdicts are asked of the kernel, and points are only noted where there is one.
c.Autograde.autograde_preprocessors = [
    found
    for each in Autograde.class_traits()["autograde_preprocessors"].default()
    for found in ([Verdicts, Judged] if each is Execute else [each])
]

# The workbook's own kernel, whatever a submission asks for. It is described in kernels/.
c.Execute.kernel_name = "async-django-workbook"
c.Execute.timeout = 300
paths = [str(COURSE), *filter(None, os.environ.get("JUPYTER_PATH", "").split(os.pathsep))]
os.environ["JUPYTER_PATH"] = os.pathsep.join(dict.fromkeys(paths))
os.environ["WORKBOOK_WORKSPACE"] = str(COURSE)
# Answers are judged in a sandbox. Set it to "no" if you trust everybody whose answers you grade.
os.environ.setdefault("WORKBOOK_SANDBOX", "yes")

# A student may tag a cell as not to be run, and nbgrader gives all points for a silent one. No tag
# of a submission is this word.
c.Execute.skip_cells_with_tag = secrets.token_hex(16)
