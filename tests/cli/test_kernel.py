"""Each kernel knows the magics from its first cell on, whoever starts it."""

import os

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

from workbook_site import lab

# A safety bound for a kernel that never answers, in seconds; nothing is measured by it.
BOUND = 60


class OneSpec(KernelSpecManager):
    """Knows one kernel: the interpreter that it is given."""

    def get_kernel_spec(self, kernel_name):
        return self.kernel_spec_class(
            argv=[self.python, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="Python",
            language="python",
        )


def say(manager, environment, cell):
    """Start the manager's kernel, run one cell, end it; gives all that the cell showed."""
    manager.start_kernel(env=environment)
    client = manager.client()
    client.start_channels()
    shown = []
    try:
        client.wait_for_ready(timeout=BOUND)
        client.execute_interactive(cell, timeout=BOUND, output_hook=shown.append)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()
    content = [message["content"] for message in shown]
    return "\n".join(str(part.get("text") or part.get("evalue")) for part in content)


def surroundings(tmp_path, **more):
    home = {"HOME": str(tmp_path), "IPYTHONDIR": str(tmp_path / "ipython")}
    return {**os.environ, **home, "WORKBOOK_WORKSPACE": str(tmp_path), **more}


@pytest.fixture(autouse=True)
def away_from_home(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))


def test_a_kernel_of_our_lab_does(tmp_path, monkeypatch):
    for name, value in lab.surroundings(tmp_path).items():
        monkeypatch.setenv(name, value)
    told = say(KernelManager(), surroundings(tmp_path), "%%site blog/views.py\nx = 1")
    assert "boot(" in told
    assert "not found" not in told


def test_a_kernel_that_an_editor_starts_in_the_environment_does(tmp_path, prepared):
    specs = OneSpec()
    specs.python = str(prepared.venv / "bin" / "python")
    libraries = {"PYTHONPATH": prepared.surroundings()["PYTHONPATH"]}
    manager = KernelManager(kernel_spec_manager=specs)
    told = say(manager, surroundings(tmp_path, **libraries), "%%site blog/views.py\nx = 1")
    assert "boot(" in told
    assert "not found" not in told
