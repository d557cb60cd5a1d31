"""Processes that begin where their libraries are loaded: forks of Python's own fork server.

There is one server for each worker. A fork differs from a process that was started in what is
loaded by then, in nothing else: a test of how a process starts has to start one.
"""

import functools
import multiprocessing
import os
import sys
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


def settle(environment, folder, warn):
    """In a fork: be as one that was started with this environment, in this folder.

    `warn`: what becomes of warnings, as for Python's option -W.
    """
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    installed = [each for each in sys.path if each.startswith((sys.prefix, sys.base_prefix))]
    sys.path[:] = ["", str(CHECKOUT), *installed]
    warnings.resetwarnings()
    warnings.simplefilter(warn)
    multiprocessing.current_process()._config.clear()  # it may have children of its own
