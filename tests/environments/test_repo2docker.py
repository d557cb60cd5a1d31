"""What Binder would build. A test has no Docker engine, so the real repo2docker is asked for the
Dockerfile that it makes of the checkout."""

import subprocess
from pathlib import Path

from tests.environments import venvs

ROOT = Path(__file__).parents[2]


def test_repo2docker_takes_our_environment_and_calls_our_script(tmp_path):
    programs = venvs.made(venvs.BINDER)
    done = subprocess.run(
        [programs / "jupyter-repo2docker", "--no-build", "--debug", "--user-id", "1000",
         "--user-name", "jovyan", ROOT],
        env=venvs.surroundings(programs, tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )  # fmt: skip
    told = done.stdout + done.stderr
    assert "environment-2epy-2d3-2e13" in told  # its own base, for the Python that we name
    assert 'env update -p ${NB_PYTHON_PREFIX} --file "environment.yml"' in told
    assert "./postBuild" in told
    # The checkout is there before the environment is made: that names files of it.
    assert told.index("COPY --chown=1000:1000 src/ ${REPO_DIR}/") < told.index("env update -p")
