"""`grade PATH...`: a class's notebooks to verdicts, points and feedback."""

import dataclasses
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandParser

from workbook_site import deployment, exits
from workbook_site.cores import cores
from workbook_site.management.command import WorkbookCommand, add_gradebook, positive

if TYPE_CHECKING:
    from workbook_site.grading.marks import Mark
    from workbook_site.grading.policy import Policy
    from workbook_site.grading.run import Run
    from workbook_site.grading.team import Team
    from workbook_site.intake import Handed

NO_SOLUTIONS = """\
These exercises have no solution here:
    {names}
Each answer is judged in a project in which everything else is right, so grading needs solutions/.
Grade in a checkout that has it; a class may well be given one without. The notebooks are taken in:
the same command goes on from here."""
NO_FOLDER = "The gradebook {folder} can't be used ({why}). Name another folder with --gradebook."
NO_DATABASE = "The gradebook's database can't be used: {why}"
STOPPED = "Stopped; what was graded is kept. The same command goes on from here."


class Command(WorkbookCommand):
    """Takes in, has workers grade, exports. Killed at any moment, it goes on when repeated."""

    help = "Grade submitted notebooks: folders, nbgrader's submitted/, zips of Moodle and Canvas."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to grade, and how."""
        parser.add_argument(
            "paths", nargs="+", type=Path, metavar="PATH", help="a folder, a zip, or a notebook"
        )
        add_gradebook(parser)
        option = parser.add_argument
        option("--workers", type=positive, default=cores(), metavar="N", help="one for each core")
        option("--json", action="store_true", help="say it all as JSON")
        option("--roster", type=Path, metavar="CSV", help="columns id, name, email")
        option("--best", action="store_true", help="the best submission counts, not the newest")
        option("--regrade", action="store_true", help="grade these chapters again")
        option("--judge-all", action="store_true", help="identical answers are judged each")
        option("--no-sandbox", action="store_true", help="no walls around strangers' code")

    def handle(self, *_: Any, **options: Any) -> None:
        """From the paths to the exit code."""
        from django.db import Error

        from workbook_site.grading.policy import PolicyError
        from workbook_site.grading.roster import RosterError
        from workbook_site.grading.team import WorkersLost
        from workbook_site.intake import NothingThere
        from workbook_site.judge.sandbox import NoSandbox

        try:
            with self.begun or _team(options) as team:
                code = self._with(team, options)
        except NoSandbox as none:
            raise exits.Stop(str(none), exits.SANDBOX) from None
        except (NothingThere, RosterError, PolicyError) as wrong:
            raise exits.Stop(str(wrong), exits.USAGE) from None
        except WorkersLost as lost:
            raise exits.Stop(str(lost), exits.GRADING) from None
        except OSError as error:
            told = NO_FOLDER.format(folder=deployment.gradebook(), why=error)
            raise exits.Stop(told, exits.FOLDER) from None
        except Error as error:
            raise exits.Stop(NO_DATABASE.format(why=error), exits.GRADING) from None
        except KeyboardInterrupt:
            raise exits.Stop(STOPPED, exits.INTERRUPTED) from None
        if code:
            sys.exit(code)

    def _with(self, team: "Team", options: dict[str, Any]) -> int:
        from workbook_site import intake
        from workbook_site.grading import exports, keys, opening, roster, run
        from workbook_site.grading.policy import Policy
        from workbook_site.management import grading_shown as shown

        enrolled = roster.read(options["roster"]) if options["roster"] else []
        handed = intake.read(options["paths"])
        say = shown.Shown(options.get("stdout"), quiet=options["json"])
        say.understood(handed)
        folder = opening.open_gradebook()
        policy = _policy(Policy.read(), options["best"])
        _enroll(enrolled)
        if keys.without_solution(run.chapters(handed)):
            team.dismiss(idle=True)  # they would begin while the rest is taken in
        begun = run.begin(
            handed, policy=policy, regrade=options["regrade"], afresh=options["judge_all"]
        )
        if begun.without_solution:
            told = "\n    ".join(begun.without_solution)
            raise exits.Stop(NO_SOLUTIONS.format(names=told), exits.GRADING)
        say.to_do(begun)
        _work(team, begun, say)
        marks = run.chosen(policy)
        with say.writing(len(marks)) as wrote:
            exports.write_all(folder, marks)
            exports.write_feedback(folder, marks, wrote)
        refused = _refused(begun, handed)
        if options["json"]:
            self.stdout.write(json.dumps(_json(handed, begun, marks, folder), indent=1))
        else:
            say.results(marks, handed, folder)
        return refused


def _work(team: "Team", begun: "Run", say: Any) -> None:
    """Until all is graded; the workers then end while the rest is done."""
    from workbook_site.grading import run

    if begun.open:
        with say.progress(begun.open) as left:
            for number in run.follow(team):
                left(number)
    team.dismiss(idle=not begun.open)


def _team(options: dict[str, Any]) -> "Team":
    """Workers, who get ready while all is taken in. Raises `NoSandbox`."""
    from workbook_site.grading.team import Team
    from workbook_site.judge import sandbox

    if not options["no_sandbox"]:
        sandbox.find()  # find out before the work
    return Team(options["workers"], sandbox=not options["no_sandbox"])


def _policy(told: "Policy", best: bool) -> "Policy":
    return dataclasses.replace(told, best=True) if best else told


def _enroll(enrolled: list[Any]) -> None:
    from workbook_site.grading import store

    for each in enrolled:
        store.enroll(each.key, each.name, each.email)


def _refused(begun: "Run", handed: "Handed") -> int:
    """The exit code: 0, that of the one kind of trouble there was, or that for several kinds."""
    from workbook_site.grading.models import State, Submission
    from workbook_site.intake import Trouble

    ids = [*begun.taken.new, *begun.taken.known]
    known = {each.value for each in Trouble}
    failed = Submission.objects.filter(state=State.FAILED).values_list("pk", "trouble")
    found = {trouble for pk, trouble in failed.iterator() if pk in set(ids)}
    codes = {Trouble(each).code if each in known else exits.GRADING for each in found}
    codes |= {each.trouble.code for each in handed.unplaced}
    return codes.pop() if len(codes) == 1 else exits.INTAKE if codes else 0


def _json(handed: "Handed", begun: "Run", marks: "list[Mark]", folder: Path) -> dict[str, Any]:
    from workbook_site.grading.exports.data import grades_json

    return {
        "understood": handed.understood.splitlines(),
        "new": len(begun.taken.new),
        "known": len(begun.taken.known),
        "graded": begun.open,
        "gradebook": str(folder),
        **grades_json(marks, reports=False),
    }
