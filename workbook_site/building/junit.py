"""What came of executing chapters, as the JUnit XML that CI services read.

    <testsuites tests="57" failures="1" skipped="3" ...>
      <testsuite name="01_async_views" ...>                 a chapter
        <testcase classname="01_async_views" name="both"    a code cell, by its id
                  file="notebooks/source/01_async_views.md" line="87" time="1.204">
          <failure message="ZeroDivisionError: division by zero">source and traceback</failure>

A cell that was not reached, since one before it failed, is skipped. Elements and attributes are
those that Jenkins reads; `file` and `line` are for GitLab and for reports on pull requests.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from workbook_site.building import where
from workbook_site.building.execute import CellFailure, ChapterRun, runs
from workbook_site.building.where import Where

NOT_REACHED = "Not executed: an earlier cell of the chapter failed."
BEHIND = "{message}\n\n{file}:{line}, cell {number} of the notebook:\n\n{source}"

# What XML 1.0 has no room for, not even escaped.
_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(chapters: Sequence[ChapterRun], path: Path) -> None:
    """Write the report. Raises `OSError`."""
    root = ET.Element("testsuites", {"name": "chapters"})
    suites = [_suite(run) for run in chapters]
    root.extend(suites)
    for word in ("tests", "failures", "errors", "skipped"):
        root.set(word, str(sum(int(suite.attrib[word]) for suite in suites)))
    root.set("time", f"{sum(run.seconds for run in chapters):.3f}")
    ET.indent(root)
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _suite(run: ChapterRun) -> ET.Element:
    told = {"name": run.chapter.stem, "errors": "0", "time": f"{run.seconds:.3f}"}
    suite, found = ET.Element("testsuite", told), where.of(run.chapter)
    took = {cell.id: cell.seconds for cell in run.cells}
    for cell in run.notebook.cells:
        wrong = [failure for failure in run.failures if failure.cell == cell.id]
        # A kernel that does not start is told with the first cell, whatever that is.
        if runs(cell) or wrong:
            case = _case(run, found, cell.id, took.get(cell.id, 0.0))
            _outcome(case, found, wrong, reached=cell.id in took)
            suite.append(case)
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("skipped", str(len(suite.findall("testcase/skipped"))))
    return suite


def _case(run: ChapterRun, found: Where, cell: str, seconds: float) -> ET.Element:
    told = {
        "classname": run.chapter.stem,
        "name": cell,
        "file": found.shown,
        "line": str(found.line(cell)),
        "time": f"{seconds:.3f}",
    }
    return ET.Element("testcase", told)


def _outcome(
    case: ET.Element, found: Where, wrong: Sequence[CellFailure], *, reached: bool
) -> None:
    if wrong:
        told = {"message": _writable(wrong[0].message), "type": _kind(wrong[0])}
        failure = ET.SubElement(case, "failure", told)
        failure.text = _writable("\n\n".join(_behind(found, each) for each in wrong))
    elif not reached:
        ET.SubElement(case, "skipped", {"message": NOT_REACHED})


def _kind(wrong: CellFailure) -> str:
    """The error's class where one was raised: readers group by it."""
    named = re.match(r"[A-Za-z_][\w.]*(?=: )", wrong.message) if wrong.line else None
    return named[0] if named else "CellFailure"


def _behind(found: Where, wrong: CellFailure) -> str:
    """All that helps: the sentence, the place, the numbered source, and what stands behind it."""
    numbered = "\n".join(
        f"{'>' if number == wrong.line else ' '}{number:>4}  {text}"
        for number, text in enumerate(wrong.source.splitlines(), start=1)
    )
    told = BEHIND.format(
        message=wrong.message,
        file=found.shown,
        line=found.line(wrong.cell, wrong.line),
        number=wrong.number,
        source=numbered,
    )
    return f"{told}\n\n{wrong.detail}".rstrip()


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
