"""Real kernels for tests: cells go in, and what a notebook would show comes out."""

import copy
import json
import os
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

from tests.live import forked

CHECKOUT = Path(__file__).parents[2]
BOOT = 'from workbook_site import boot\nsite = await boot("first")'
PATIENCE = 60  # seconds for a cell, on a machine that does much else

SPEC = KernelSpec(
    argv=[
        *(sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"),
        "--IPKernelApp.extra_extensions=workbook_site",
    ],
    display_name="Python",
    language="python",
)


@dataclass
class Shown:
    """What one cell showed: printed text, displayed data by media type, its error, its status."""

    printed: str = ""
    data: list = field(default_factory=list)
    places: dict = field(default_factory=dict)  # in `data`, of what may be updated
    ename: str = ""
    traceback: str = ""
    status: str = ""

    @property
    def plain(self):
        return "\n".join(each.get("text/plain", "") for each in self.data)

    @property
    def html(self):
        return "\n".join(each.get("text/html", "") for each in self.data)

    def take(self, message):
        kind, content = message["msg_type"], message["content"]
        if kind == "stream":
            self.printed += content["text"]
        elif kind in ("execute_result", "display_data"):
            self.data.append(content["data"])
            self.places[content.get("transient", {}).get("display_id")] = len(self.data) - 1
        elif kind == "update_display_data":
            # The live log of an earlier cell may still be at work.
            if (place := self.places.get(content["transient"]["display_id"])) is not None:
                self.data[place] = content["data"]
        elif kind == "error":
            told = "\n".join(content["traceback"])
            self.ename, self.traceback = content["ename"], re.sub(r"\x1b\[[\d;]*m", "", told)


class Kernel:
    """A kernel in a workspace of its own; a context manager that ends it.

    `through`: the words of a program that becomes the kernel, such as one that gives privileges
    away first. `surroundings`: more environment variables. With either of them the kernel is
    started, else it is forked, which takes half as long.
    """

    def __init__(self, workspace, content, *, through=(), **surroundings):
        self.workspace = Path(workspace)
        self.newsroom = self.workspace / "newsroom"
        self.manager = KernelManager()
        self.manager._kernel_spec = copy.copy(SPEC)
        self.manager._kernel_spec.argv = [*through, *SPEC.argv]
        if not through and not surroundings:
            self.manager._kernel_spec.metadata = forked.METADATA
        environment = {k: v for k, v in os.environ.items() if not k.startswith("DJANGO_")}
        environment |= {"WORKBOOK_WORKSPACE": str(workspace), "WORKBOOK_CONTENT": str(content)}
        environment |= {"PYTHONPATH": str(CHECKOUT), "PYTHONWARNINGS": "default"}
        environment |= {"IPYTHONDIR": str(self.workspace / ".ipython")} | surroundings
        self.workspace.mkdir(parents=True, exist_ok=True)
        self.manager.start_kernel(env=environment, cwd=str(workspace))
        self.client = self.manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=PATIENCE)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.client.stop_channels()
        if self.manager.is_alive():
            self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()

    @property
    def pid(self):
        return self.manager.provisioner.pid

    def run(self, code):
        """Run a cell; what it showed, whether it failed or not."""
        shown = Shown()
        reply = self.client.execute_interactive(
            code, output_hook=shown.take, timeout=PATIENCE, allow_stdin=False
        )
        shown.status = reply["content"]["status"]
        return shown

    def good(self, code):
        """Run a cell that must not fail."""
        shown = self.run(code)
        assert not shown.ename, shown.traceback
        return shown

    def value(self, expression):
        """What an expression is in the kernel, as JSON."""
        told = self.good(f"import json\nprint(json.dumps({expression}))").printed
        return json.loads(told.splitlines()[-1])

    def send(self, code):
        """Start a cell and don't wait; `result` of it later."""
        return self.client.execute(code, allow_stdin=False)

    def result(self, sent):
        """What a cell that was sent showed, once it has ended."""
        shown = Shown()
        while True:
            message = self.client.get_iopub_msg(timeout=PATIENCE)
            if message["parent_header"].get("msg_id") != sent:
                continue
            shown.take(message)
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return shown

    def printed(self, sent, words):
        """Wait until a cell that was sent has printed these words."""
        seen = ""
        while words not in seen:
            message = self.client.get_iopub_msg(timeout=PATIENCE)
            if message["msg_type"] == "stream":
                seen += message["content"]["text"]
