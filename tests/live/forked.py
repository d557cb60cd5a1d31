"""Kernels without the second that a kernel takes to load its libraries.

A fork server (Python's own, one a worker) loads them once; each kernel is a fork of it that goes on
as `python -m ipykernel_launcher` does. It differs from one that was started in what is loaded by
then, in nothing else: what is about the start itself takes a kernel that was started.
"""

import atexit
import functools
import multiprocessing
import os
import runpy
import subprocess
import sys
import warnings
from importlib.metadata import EntryPoint

from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

NAME = "forked"
# For the kernel's specification: by it Jupyter finds `Forked`.
METADATA = {"kernel_provisioner": {"provisioner_name": NAME}}


@functools.cache
def server():
    """The context whose processes are forks of the server."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.live.warm", __name__])
    return context


class Forked(LocalProvisioner):
    """Jupyter's provisioner of local processes, of which this one is forked, not started."""

    async def launch_kernel(self, cmd, **kwargs):
        launcher = cmd[cmd.index("-m") + 1 :]
        self.process = Process(launcher, kwargs["env"], kwargs["cwd"])
        self.pid = self.pgid = self.process.pid
        return self.connection_info


class Process:
    """A fork that leads a process group of its own, as `subprocess.Popen` would give it."""

    stdin = stdout = stderr = None

    def __init__(self, words, environment, folder):
        begun, begins = multiprocessing.Pipe(duplex=False)
        words = [words, environment, folder, begins]
        self._process = server().Process(target=_be, args=words, daemon=True)
        self._process.start()
        begins.close()
        begun.recv()  # before this its group is the server's
        begun.close()
        self.pid = self._process.pid

    def poll(self):
        return self._process.exitcode

    def wait(self, timeout=None):
        self._process.join(timeout)
        if self.poll() is None:
            raise subprocess.TimeoutExpired("kernel", timeout)
        return self.poll()

    def send_signal(self, number):
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self):
        self._process.terminate()

    def kill(self):
        self._process.kill()


def _be(words, environment, folder, begins):
    """Be what `python -m WORDS` would be, with this environment in this folder."""
    os.setsid()
    begins.send(True)
    begins.close()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv[:] = [*words, f"--IPKernelApp.parent_handle={os.getppid()}"]
    sys.path[:] = ["", *environment["PYTHONPATH"].split(os.pathsep), *_installed()]
    warnings.resetwarnings()
    warnings.simplefilter(environment["PYTHONWARNINGS"])
    multiprocessing.current_process()._config.clear()  # it may have children of its own
    try:
        runpy.run_module(words[0], run_name="__main__", alter_sys=True)
    finally:
        atexit._run_exitfuncs()


def _installed():
    return [each for each in sys.path if each.startswith((sys.prefix, sys.base_prefix))]


KernelProvisionerFactory.instance().provisioners[NAME] = EntryPoint(
    NAME, f"{__name__}:{Forked.__name__}", KernelProvisionerFactory.GROUP_NAME
)
