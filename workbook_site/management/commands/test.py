"""`python3 -m workbook_site test [PYTEST ARGS]`: pytest, in the workbook's environment."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from workbook_site import places
from workbook_site.cores import cores
from workbook_site.management.command import WorkbookCommand

# These stop at a prompt, which a worker process has not.
PROMPTS = {"--pdb", "--trace"}
# These, like the name of a file or a folder, choose some of the tests, or none.
CHOOSE = {"-k", "-m", "--lf", "--last-failed", "--co", "--collect-only", "-h", "--help"}
# Makes the environments that some tests need beside the workbook's own, such as nbgrader's.
ENVIRONMENTS = "tests.environments.venvs"


class Command(WorkbookCommand):
    """Hands all its arguments to pytest, and pytest's exit code back."""

    help = "Run the tests on all cores. Arguments go to pytest."

    def run_from_argv(self, argv: list[str]) -> NoReturn:
        """All words behind `test` are pytest's, so Django's parser never sees them."""
        sys.stdout.flush()
        if not Path.cwd().is_relative_to(places.CHECKOUT):
            os.chdir(places.CHECKOUT)
        if not some(argv[2:]):
            # What takes minutes once is no part of the tests. Those that need it say what is wrong.
            subprocess.run([sys.executable, "-m", ENVIRONMENTS], cwd=places.CHECKOUT, check=False)
        line = [sys.executable, "-m", "pytest", *arguments(argv[2:])]
        if os.name == "posix":
            os.execv(line[0], line)  # noqa: S606
        sys.exit(subprocess.run(line, check=False).returncode)


def some(given: list[str]) -> bool:
    """Do these words choose some of the tests, in place of all?"""
    return any(word in CHOOSE or Path(word.partition("::")[0]).exists() for word in given)


def arguments(given: list[str]) -> list[str]:
    """pytest's arguments: one worker more than there are cores, unless something else is said.

    Tests mostly wait: for servers, for kernels, for browsers.
    """
    return list(given) if PROMPTS & set(given) else ["-n", str(cores() + 1), *given]
