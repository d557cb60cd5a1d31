"""A learner's project as data: files made of blocks, chapters made of cells, checkpoints.

Pure: reads notebooks and solutions, knows no Django and no kernel.
"""

from workbook_site.project.blocks import join, put, split
from workbook_site.project.chapters import Cell, Chapter, UnknownChapter, cells, chapters, find
from workbook_site.project.given import Given
from workbook_site.project.lay import Laid, lay
from workbook_site.project.magics import ExerciseCell, MagicError, SiteCell, parse
from workbook_site.project.replay import History, Project, after, answered, at, history

__all__ = [
    "Cell",
    "Chapter",
    "ExerciseCell",
    "Given",
    "History",
    "Laid",
    "MagicError",
    "Project",
    "SiteCell",
    "UnknownChapter",
    "after",
    "answered",
    "at",
    "cells",
    "chapters",
    "find",
    "history",
    "join",
    "lay",
    "parse",
    "put",
    "split",
]
