"""Lab as a classroom: an extension of the learner's own Jupyter server.

It is enabled by `workbook_site/jupyter`, on JUPYTER_CONFIG_PATH, and needs no JavaScript build.

course.py      what there is to do and what is done: chapters, exercises, points, what is next
pages.py       the welcome, the progress and the site page as HTML
handlers.py    those pages below BASE/workbook/, for whoever may use the server
layout.py      the Lab workspace of the first visit
noise.py       what nobody need read in the terminal
extension.py   what Jupyter loads: the above, and the cards in Lab's launcher
"""

from typing import Any


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """As Jupyter asks for it."""
    return [{"module": "workbook_site.classroom.extension"}]
