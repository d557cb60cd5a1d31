"""From what an instructor downloaded to answers: who handed in what, and what is theirs in it.

    handed = read([Path("class.zip")])
    for submitted in handed.submissions:
        opened = submitted.open()
        found = answers(opened.data, chapter)

Pure: knows neither the gradebook nor the judge, writes nothing, follows no symlink, and unpacks
nothing onto the disk. Files are read one by one, when they are opened.
"""

from workbook_site.intake.answers import Answer, Answers, answers
from workbook_site.intake.reading import NothingThere, read
from workbook_site.intake.trouble import Limits, NotUsable, Trouble
from workbook_site.intake.values import Handed, Opened, Submitted, Unplaced

__all__ = [
    "Answer",
    "Answers",
    "Handed",
    "Limits",
    "NotUsable",
    "NothingThere",
    "Opened",
    "Submitted",
    "Trouble",
    "Unplaced",
    "answers",
    "read",
]
