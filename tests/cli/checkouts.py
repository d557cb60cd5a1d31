"""A checkout of one's own, with tiny requirements, so that a real install takes a second or two."""

import contextlib
import ctypes
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import django
import nbformat

ROOT = Path(__file__).parents[2]
# The interpreter behind the environment of the tests: it stands for the learner's bare Python.
BARE = getattr(sys, "_base_executable", sys.executable)
# Django and all comes from the tests' own environment, so that only the tiny packages are missing.
LIBRARIES = str(Path(django.__file__).parents[1])

CHAPTER = "00_three_problems"


def wheel(shelf, name, version="1.0"):
    """A real package on `shelf`: a module, and a script of its name that prints its version."""
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": f"def main():\n    print({version!r})\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[console_scripts]\n{name}={name}:main\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(shelf / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)


def notebook(path, *cells):
    """Write a notebook of code cells to `path`."""
    made = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(text, id=f"cell-{n}") for n, text in enumerate(cells)]
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(made, path)


class Checkout:
    """A copy of the workbook in a folder with a blank and an umlaut, and the calls made to it."""

    def __init__(self, folder):
        self.folder = folder
        self.shelf = folder.parent / "shelf"
        self.shelf.mkdir(parents=True)
        shutil.copytree(ROOT / "workbook_site", folder / "workbook_site")
        notebook(folder / "notebooks" / f"{CHAPTER}.ipynb", "1 + 1")
        (folder / "my_workbook" / ".workbook").mkdir(parents=True)
        self.require("tiny")
        wheel(self.shelf, "tiny")

    @property
    def venv(self):
        return self.folder / ".venv"

    def require(self, *names, file="requirements.txt"):
        target = self.folder / "requirements" / file
        target.parent.mkdir(exist_ok=True)
        target.write_text("# pins\n" + "".join(f"{name}==1.0\n" for name in names))

    def surroundings(self, **more):
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PIP_", "WORKBOOK_", "PYTEST_", "VIRTUAL_ENV"))
        }
        shelf = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": self.shelf.as_uri()}
        return kept | {"PYTHONPATH": LIBRARIES} | shelf | {k: str(v) for k, v in more.items()}

    def start(self, *words, cwd=None, argv=None, preexec_fn=None, **more):
        return subprocess.Popen(
            [BARE, *(argv or ["-m", "workbook_site"]), *words],
            cwd=cwd or self.folder,
            env=self.surroundings(**more),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            preexec_fn=preexec_fn,
            start_new_session=True,
        )

    def call(self, *words, **more):
        """Run a command line to its end; gives (exit code, stdout, stderr)."""
        started = self.start(*words, **more)
        out, err = started.communicate()
        return started.returncode, out, err

    def adopt(self, made):
        """Have the environment that another checkout's first call made, as if it had been ours."""
        shutil.copytree(made.venv, self.venv, symlinks=True, copy_function=_shared_or_copied)
        stamp = self.venv / "workbook.json"
        own = {"at": str(self.venv), "checkout": str(self.folder)}
        stamp.write_text(json.dumps(json.loads(stamp.read_text()) | own))
        next(self.venv.rglob("workbook_site.pth")).write_text(f"{self.folder}\n")

    def reset(self, **more):
        """A command that needs the environment, and is done at once."""
        return self.call("reset", "00", **more)


def _shared_or_copied(source, target):
    """pip's thousand files, which no test changes, are the same in all environments."""
    if "/site-packages/pip/" in source:
        os.link(source, target)
    else:
        shutil.copy2(source, target)


def read_only(folder):
    """Take the right to write away; gives the `preexec_fn` for a process that it must bind.

    Root writes wherever it likes, by one capability. A process of root's that gave it up is held
    to the permissions like everyone else.
    """
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o555)
    return _bound_by_permissions if os.geteuid() == 0 else None


def _bound_by_permissions():
    drop_from_bounding_set, dac_override = 24, 1
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(drop_from_bounding_set, dac_override, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


def writable(folder):
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)


class SlowShelf:
    """Serves a shelf over HTTP and holds each wheel back until `release` is called."""

    def __init__(self, shelf):
        self.asked = threading.Event()
        self._go = threading.Event()
        outer = self

        class Handler(http.server.SimpleHTTPRequestHandler):
            def __init__(self, *args):
                super().__init__(*args, directory=str(shelf))

            def do_GET(self):
                if self.path.endswith(".whl"):
                    outer.asked.set()
                    outer._go.wait()
                super().do_GET()

            def copyfile(self, source, outputfile):
                # The pip that asked may have been ended meanwhile, as a test means it to be.
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    super().copyfile(source, outputfile)

            def log_message(self, *args):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._server.server_port}/"

    def release(self):
        self._go.set()

    def close(self):
        self.release()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
