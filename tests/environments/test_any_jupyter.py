"""A chapter opened in a Jupyter that is not our Lab, as Binder, a hub or an editor has one."""

import json
import uuid

import pytest
from websockets.sync.client import connect

from tests.environments.ground import Image, Server, checkout, shown, solved_beginning

CHAPTER = "00_three_problems.ipynb"


@pytest.fixture(scope="module")
def binder(tmp_path_factory):
    """What repo2docker builds: the checkout is home, and `postBuild` was called in it."""
    folder = tmp_path_factory.mktemp("binder")
    image = Image(folder)
    image.home = checkout(folder / "jovyan")
    image.said = image.call("bash", "./postBuild", cwd=image.home)
    return image


def test_the_script_brings_the_chapters_and_dresses_the_environment(binder):
    assert f"knows the workbook in {binder.home}" in binder.said
    assert (binder.home / "my_workbook" / CHAPTER).is_file()
    told = binder.call(binder.python, "-c", "import workbook_site as w; print(w.__file__)", cwd="/")
    assert told.startswith(str(binder.home))
    # Called twice, as images are built in layers, it changes nothing.
    assert "new" not in binder.call("bash", "./postBuild", cwd=binder.home)


def test_nbclient_runs_a_chapter_where_it_lies(binder):
    assert binder.execute(binder.home / "notebooks" / CHAPTER) == (["passed"], [])
    assert (binder.home / "my_workbook" / "newsroom" / "manage.py").is_file()
    assert not (binder.home / "notebooks" / "newsroom").exists()


def test_so_does_a_plain_jupyter_server(binder):
    told = solved_beginning(binder.home / "notebooks" / CHAPTER)
    with Kernels(
        [binder.python, "-m", "jupyter_server"], binder.surroundings(), binder.home
    ) as server:
        notebook = server.run(f"my_workbook/{CHAPTER}", told)
    assert shown(notebook) == (["passed"], [])


def test_the_hubs_image_brings_chapters_to_a_home_of_ones_own(tmp_path):
    """The workbook is root's there; a learner's folder may be on a volume that is empty yet."""
    image = Image(tmp_path)
    home = checkout(tmp_path / "opt")
    image.call(image.python, "-m", "workbook_site.environment.dress", cwd=home)
    mine = {"WORKBOOK_WORKSPACE": tmp_path / "my workbook"}
    start = home / "docker" / "start"
    said = image.call(start, "echo", "the hub's own command", cwd=tmp_path, **mine)
    assert said.endswith("the hub's own command\n")
    notebook = tmp_path / "my workbook" / CHAPTER
    changed = notebook.read_text().replace("Start the workbook", "Mine")
    notebook.write_text(changed)
    assert image.call(start, "echo", "again", cwd=tmp_path, **mine) == "again\n"
    assert notebook.read_text() == changed
    assert not (home / "my_workbook").exists()


class Kernels(Server):
    """... and kernels started through it."""

    def run(self, path, notebook):
        """Open `path` as a frontend does, run these cells, give them back with their outputs."""
        asked = {"path": path, "type": "notebook", "name": "", "kernel": {"name": "python3"}}
        kernel = json.loads(self.ask("/api/sessions", asked))["kernel"]["id"]
        url = f"ws://127.0.0.1:{self.port}/api/kernels/{kernel}/channels?token=t"
        with connect(url, max_size=None, proxy=None) as socket:
            for cell in notebook["cells"]:
                if cell["cell_type"] == "code":
                    cell["outputs"] = list(self._cell(socket, "".join(cell["source"])))
        return notebook

    def _cell(self, socket, code):
        number = uuid.uuid4().hex
        header = {"msg_id": number, "msg_type": "execute_request", "version": "5.3",
                  "session": "test", "username": "test", "date": ""}  # fmt: skip
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {},
                   "allow_stdin": False, "stop_on_error": False}  # fmt: skip
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
        socket.send(json.dumps({**message, "channel": "shell", "buffers": []}))
        for text in socket:
            told = json.loads(text)
            if told["parent_header"].get("msg_id") != number:
                continue
            if told["msg_type"] == "status" and told["content"]["execution_state"] == "idle":
                return
            if told["msg_type"] in ("display_data", "execute_result", "error"):
                yield {"output_type": told["msg_type"], **told["content"]}
