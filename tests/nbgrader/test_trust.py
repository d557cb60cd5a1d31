"""What a submission may try against nbgrader's belief in its kernel, and what comes of it."""

import json
import shutil

import pytest

from tests.nbgrader.courses import verdict_cells
from tests.submissions import make
from workbook_site import places

STEM = make.NEWS


def code(text, **metadata):
    return {"cell_type": "code", "id": f"c{abs(hash(text))}", "metadata": metadata,
            "source": text, "outputs": [], "execution_count": None}  # fmt: skip


def forging(notebook, ran):
    """Every trick at once, with no right answer among them."""
    verdicts = verdict_cells(notebook)
    # Its points, as a notebook would show them, were it not run.
    silent = verdicts["one_article"]
    silent["metadata"]["tags"] = ["skip-execution"]
    silent["outputs"] = [{"output_type": "execute_result", "execution_count": 1, "metadata": {},
                          "data": {"text/plain": "2.0"}}]  # fmt: skip
    verdicts["truthful_summary"]["source"] = "5.0"
    notebook["cells"].remove(verdicts["only_news"])
    notebook["cells"].append(json.loads(json.dumps(verdicts["empty_the_outbox"])))
    notebook["cells"][-1]["source"] += "\n5.0"
    touched = f"open({str(ran)!r}, 'a').write('ran\\n')\n"
    first = (
        f"{touched}import workbook_site.nbgrader, workbook_site.nbgrader.locked as locked\n"
        "workbook_site.nbgrader.points = locked.points = lambda name: 99\n"
        "get_ipython().input_transformers_cleanup.clear()"
    )
    notebook["cells"][:0] = [
        code(first),
        code("# The verdict\n" + touched + 'points("three_problems/only_news")'),
        code(touched + "import os; os._exit(0)"),
    ]
    make.put(notebook, "only_news", touched + "while True: pass\n")
    return notebook


@pytest.fixture(scope="module")
def forged(written_course, tmp_path_factory):
    ran = tmp_path_factory.mktemp("trust") / "ran"
    file = written_course.hand_in("forger", STEM, forging(written_course.released(STEM), ran))
    done = written_course.call("nbgrader", "autograde", STEM[3:], "--student", "forger")
    return file, ran, done, written_course.points()["forger"]


def test_tricks_bring_no_points(forged, tmp_path):
    file, _, (code, log), theirs = forged
    assert code == 0, log
    assert theirs["cells"] == dict.fromkeys(theirs["cells"], 0)
    assert theirs["possible"] == 18
    _, told = make.graded([file.parents[1]], tmp_path / "ours")
    assert told["submissions"][0]["reached"] == 0


def test_no_code_of_a_submission_runs_outside_the_sandbox(forged):
    assert not forged[1].exists()


def test_where_no_verdict_can_be_had_nobody_is_graded(written_course):
    """Here without solutions: a zero for everybody would be the alternative."""
    bare = written_course.folder.parent / "bare"
    for name in ("notebooks", "exercises"):
        shutil.copytree(places.content() / name, bare / name)
    kernel = next(written_course.folder.glob("kernels/*/kernel.json"))
    before = kernel.read_text()
    told = json.loads(before)
    told["env"]["WORKBOOK_CONTENT"] = str(bare)
    kernel.write_text(json.dumps(told))
    try:
        notebook = written_course.released(STEM)
        written_course.hand_in("early", STEM, notebook)
        code, log = written_course.call("nbgrader", "autograde", STEM[3:], "--student", "early")
    finally:
        kernel.write_text(before)
    assert code != 0
    assert "told no verdict, so this submission was not graded" in log
    assert "solutions/three_problems/ lacks" in log
    assert written_course.points()["early"]["open"]
    assert not list(written_course.folder.glob("autograded/early/*/*"))
