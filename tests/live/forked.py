"""Jupyter's door for kernels that are not started as it would: a provisioner that forks them."""

import atexit
import multiprocessing
import os
import runpy
import subprocess
import sys
from importlib.metadata import EntryPoint

from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

from tests.forks import fork, settle

NAME = "forked"
# For the kernel's specification: by it Jupyter finds `Forked`.
METADATA = {"kernel_provisioner": {"provisioner_name": NAME}}


class Forked(LocalProvisioner):
    """The provisioner of local processes, of which this one is forked."""

    async def launch_kernel(self, cmd, **kwargs):
        module = cmd[cmd.index("-m") + 1 :]
        self.process = Process(module, kwargs["env"], kwargs["cwd"])
        self.pid = self.pgid = self.process.pid
        return self.connection_info


class Process:
    """What `python -m MODULE WORDS` would be, as `subprocess.Popen` would give it.

    It leads a process group of its own.
    """

    stdin = stdout = stderr = None

    def __init__(self, module, environment, folder):
        begun, begins = multiprocessing.Pipe(duplex=False)
        self._process = fork(_be, module, environment, folder, begins)
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


def _be(module, environment, folder, begins):
    os.setsid()
    begins.send(True)
    begins.close()
    settle(environment, folder, environment["PYTHONWARNINGS"])
    name, *words = module
    sys.argv[1:] = [*words, f"--IPKernelApp.parent_handle={os.getppid()}"]
    try:
        runpy.run_module(name, run_name="__main__", alter_sys=True)
    finally:
        atexit._run_exitfuncs()  # forks leave these out


KernelProvisionerFactory.instance().provisioners[NAME] = EntryPoint(
    NAME, f"{__name__}:{Forked.__name__}", KernelProvisionerFactory.GROUP_NAME
)
