"""What nbgrader is told of the workbook's cells, in nbgrader's own process. See nbgrader_config.py.

It needs nbgrader, and nothing of the workbook.
"""

from nbconvert.filters import strip_ansi
from nbformat.v4 import new_code_cell
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import Execute, NbGraderPreprocessor

NO_VERDICT = "The cell {name} told no verdict, so this submission was not graded. {why}"


class Starters(NbGraderPreprocessor):
    """Puts the printed starter in place of the solution, where nbgrader would put a stub."""

    def preprocess_cell(self, cell, resources, index):
        """One cell; those that are no answers stay."""
        starter = cell.metadata.get("workbook", {}).pop("starter", None)
        if starter is not None:
            cell.source = starter
        return cell, resources


class Complete(NbGraderPreprocessor):
    """Puts back the verdict cells that a submission lacks.

    nbgrader's own `add_missing_cells` ends with an error where the cell above is gone as well.
    """

    def preprocess(self, notebook, resources):
        """The whole notebook; what a student did to other cells stays."""
        for cell in notebook.cells:
            # What is left of a copied cell: nbgrader's own check trips over it.
            if not cell.metadata.get("nbgrader", {"grade_id": ""}).get("grade_id", ""):
                cell.metadata.pop("nbgrader", None)
        there = {cell.metadata["nbgrader"]["grade_id"] for cell in notebook.cells
                 if "nbgrader" in cell.metadata}  # fmt: skip
        for cell in self._verdicts(resources["nbgrader"]):
            name = cell.metadata["nbgrader"]["grade_id"]
            if name not in there:
                self.log.warning("The cell %s was missing and is put back.", name)
                notebook.cells.append(cell)
        return notebook, resources

    def _verdicts(self, told):
        where = told["notebook"], told["assignment"]
        with Gradebook(told["db_url"]) as gradebook:
            known = gradebook.find_notebook(*where)
            points = {cell.name: cell.max_score for cell in known.grade_cells}
            return [_verdict(cell, points[cell.name]) for cell in known.source_cells
                    if cell.name in points]  # fmt: skip


def _verdict(cell, points):
    known = {
        **{"schema_version": 3, "task": False, "grade": True, "solution": False, "locked": True},
        **{"grade_id": cell.name, "points": points},
        **{"cell_type": cell.cell_type, "checksum": cell.checksum},
    }
    return new_code_cell(
        cell.source, metadata={"nbgrader": known, "deletable": False, "editable": False}
    )


class Verdicts(Execute):
    """Asks the kernel for the verdicts, and for nothing else.

    It would pass over all other cells: a hundred of them in a chapter, for every submission.
    """

    def preprocess_cell(self, cell, resources, index):
        """One cell; those that tell no points stay as they are."""
        if not utils.is_grade(cell):
            return cell, resources
        return super().preprocess_cell(cell, resources, index)


class Judged(NbGraderPreprocessor):
    """Refuses a submission for which the judge gave no verdict: a silent cell is no right answer.

    nbgrader then names the student, goes on with the others, and tries again when asked again.
    """

    def preprocess_cell(self, cell, resources, index):
        """One cell, after it was run."""
        if utils.is_grade(cell):
            told = {output.output_type for output in cell.outputs}
            if "error" in told or "execute_result" not in told:
                name = cell.metadata["nbgrader"]["grade_id"]
                raise NbGraderException(NO_VERDICT.format(name=name, why=_why(cell)))
        return cell, resources


def _why(cell):
    errors = [output for output in cell.outputs if output.output_type == "error"]
    told = ["\n".join(output.traceback) for output in errors]
    return strip_ansi("\n".join(told)) or "It was not run."
