"""Processes that begin where their libraries are loaded: forks of Python's own fork server.

There is one server for each worker. A fork differs from a process that was started in what is
loaded by then, in nothing else: a test of how a process starts has to start one.
"""

import functools
import multiprocessing
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]


@functools.cache
def _server():
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.warm", "tests.forks"])
    return context


def fork(target, *words):
    """Begin `target(*words)` in a fork; its `multiprocessing.Process`."""
    process = _server().Process(target=target, args=words, daemon=True)
    process.start()
    return process


def run(target, *words, within=60):
    """`target(*words)` in a fork, to its end, as `subprocess.run` would tell it with what it wrote.

    `within`: seconds, after which it is killed.
    """
    with tempfile.TemporaryDirectory() as folder:
        said = [Path(folder) / "stdout", Path(folder) / "stderr"]
        process = fork(_told, said, target, *words)
        process.join(within)
        process.kill()
        process.join()
        texts = [path.read_text() if path.exists() else "" for path in said]
    return subprocess.CompletedProcess(target.__name__, process.exitcode, *texts)


def _told(paths, target, *words):
    for path, stream in zip(paths, (sys.stdout, sys.stderr), strict=True):
        with path.open("w") as file:
            os.dup2(file.fileno(), stream.fileno())
    target(*words)


def python(code, environment, warn="default"):
    """`python -c CODE` in a fork, with this environment; see `run`."""
    return run(_be_python, code, environment, warn)


def _be_python(code, environment, warn):
    settle(environment, CHECKOUT, warn)
    exec(compile(code, "<code>", "exec"), {"__name__": "__main__"})


def settle(environment, folder, warn):
    """In a fork: be as one that was started with this environment, in this folder.

    `warn`: what becomes of warnings, as for Python's option -W.
    """
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    installed = [each for each in sys.path if each.startswith((sys.prefix, sys.base_prefix))]
    sys.path[:] = ["", str(CHECKOUT), *installed]
    warnings.simplefilter(warn)
    multiprocessing.current_process()._config.clear()  # it may have children of its own
