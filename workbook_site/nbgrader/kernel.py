"""The kernel that a course grades with: `python -m workbook_site.nbgrader.kernel -f FILE`.

It is IPython's, with all cells passed over but those that ask for a verdict, from before the first
cell on. Should that not come about, the kernel does not start, and nbgrader says so.
"""

import logging

from ipykernel.kernelapp import IPKernelApp

from workbook_site.nbgrader.passing import pass_over


class App(IPKernelApp):
    """Loads no extension and no start-up file: the account that grades may have some."""

    def init_extensions(self) -> None:
        """None."""

    def init_code(self) -> None:
        """The one thing that is done before the first cell."""
        pass_over(self.shell)


def main() -> None:
    """Serve until nbgrader shuts it down."""
    # A note of a library on stderr would cost a student all points of a cell; one of the kernel
    # itself, about how it is connected, would stand in nbgrader's log for every submission.
    App.launch_instance(capture_fd_output=False, log_level=logging.ERROR)


if __name__ == "__main__":
    main()
