"""`run` against `pytest --nbmake -n 2`, over the same notebooks with the solutions filled in.

    python benchmarks/chapters.py [ROUNDS]

Prints seconds by the wall and peak memory of both, and the seconds of each chapter. Exits with 1
when a bar is missed: the ratio of the medians at most 0.7, each chapter at most 60 s.
nbmake is no requirement of the workbook: it is installed into a folder that goes afterwards.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from workbook_site.building.execute import execute_one, solved  # noqa: E402
from workbook_site.project import chapters  # noqa: E402

RATIO, CHAPTER = 0.7, 60.0


def timed(line, env=None, cwd=ROOT):
    """Seconds by the wall, and the most memory (MB) that it and its children held together."""
    began, peak = time.perf_counter(), 0
    process = subprocess.Popen(
        line, env=env, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    while process.poll() is None:
        peak = max(peak, _memory(process.pid))
        time.sleep(0.1)
    said = process.stdout.read()
    if process.returncode:
        sys.exit(f"{' '.join(line)} failed:\n{said[-3000:]}")
    return time.perf_counter() - began, peak / 1e6


def _memory(pid):
    try:
        root = psutil.Process(pid)
        return sum(each.memory_info().rss for each in [root, *root.children(recursive=True)])
    except psutil.NoSuchProcess:
        return 0


def ours(_):
    return timed([sys.executable, "-m", "workbook_site", "run"])


def nbmake(packages):
    """Each notebook in a workspace of its own, as `run` gives it."""
    with tempfile.TemporaryDirectory() as folder:
        for chapter in chapters():
            workspace = Path(folder) / chapter.name
            (workspace / ".workbook").mkdir(parents=True)
            nbformat.write(solved(chapter), workspace / f"{chapter.stem}.ipynb")
        env = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{packages}"}
        env.pop("WORKBOOK_WORKSPACE", None)
        line = [sys.executable, "-m", "pytest", "--nbmake", "-n", "2", "-p", "no:cacheprovider"]
        return timed([*line, "--nbmake-timeout", "300", "--rootdir", folder, folder], env, folder)


def main(rounds):
    with tempfile.TemporaryDirectory() as packages:
        pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", packages]
        subprocess.run([*pip, "nbmake==1.5.5"], check=True)
        pairs = [(ours(packages), nbmake(packages)) for _ in range(rounds)]
    sides = list(zip(*pairs, strict=True))
    medians = [statistics.median(seconds for seconds, _ in side) for side in sides]
    for name, side, median in zip(["run", "nbmake -n 2"], sides, medians, strict=True):
        print(f"{name:12} {median:7.1f} s   peak {max(peak for _, peak in side):5.0f} MB")
    ratio = medians[0] / medians[1]
    print(f"ratio {ratio:.2f} (bar {RATIO})")
    slowest = max(_alone(chapter) for chapter in chapters())
    return ratio <= RATIO and slowest <= CHAPTER


def _alone(chapter):
    began = time.perf_counter()
    run = asyncio.run(execute_one(chapter))
    seconds = time.perf_counter() - began
    print(f"{chapter.stem:22} {seconds:5.1f} s (bar {CHAPTER:.0f})")
    return float("inf") if run.failures else seconds


if __name__ == "__main__":
    sys.exit(not main(int(sys.argv[1]) if len(sys.argv) > 1 else 3))
