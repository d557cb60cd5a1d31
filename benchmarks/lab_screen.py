"""How soon a learner sees something useful: from the command to chapter 00 beside the welcome.

    python benchmarks/lab_screen.py [--rounds N] [--bar SECONDS]

The real command on a fresh workspace and a real Chromium, cold in each round. Three moments count:
the address is printed, Lab's own menu is there, chapter 00 and the welcome can be read. What the
workbook adds is the time between the last two; exits with 1 when its median is above the bar.
"""

import argparse
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
LONGEST = 120_000  # milliseconds; bounds a hang


def main() -> int:
    """Measure, print, compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--bar", type=float, default=3.0, help="seconds, for the median")
    options = parser.parse_args()
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        print("This needs Chromium on the PATH. On Debian: apt install chromium")
        return 1
    rounds = [measure(path) for _ in range(options.rounds)]
    print("seconds           " + "".join(f"{f'round {n + 1}':>9}" for n in range(len(rounds))))
    for number, name in enumerate(("the server is up", "Lab is up", "useful screen")):
        print(f"{name:<18}" + "".join(f"{each[number]:9.2f}" for each in rounds))
    ours = statistics.median(useful for _, _, useful in rounds)
    told = "held" if ours <= options.bar else "BROKEN"
    print("(each since the one before)")
    print(f"median after Lab is up {ours:.2f} s, bar {options.bar:g} s: {told}")
    return int(ours > options.bar)


def measure(path: str) -> tuple[float, float, float]:
    """Seconds: command to address, address to Lab's menu, menu to a useful screen."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        words = ["lab", "--no-browser", "--port", "0", "--workspace", f"{folder}/my_workbook"]
        server = subprocess.Popen(
            [sys.executable, "-m", "workbook_site", *words],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        try:
            address = printed(server)
            up = time.perf_counter() - begun
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=path, args=["--no-sandbox", "--disable-gpu"]
                )
                lab, useful = seen(browser, address)
                browser.close()
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.communicate(timeout=30)
    return up, lab, useful


def printed(server: "subprocess.Popen[str]") -> str:
    """The address, as soon as it is told."""
    assert server.stdout is not None
    for line in server.stdout:
        if found := re.search(r"http://\S+", line):
            return found[0]
    raise SystemExit("lab ended before it told its address")


def seen(browser: Browser, address: str) -> tuple[float, float]:
    """Seconds to Lab's menu, and from there to what a learner can use."""
    page: Page = browser.new_page(viewport={"width": 1440, "height": 900})
    asked = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.get_by_role("menuitem", name="File", exact=True).wait_for(timeout=LONGEST)
    lab = time.perf_counter()
    welcome = page.locator("iframe[src$='workbook/welcome']").content_frame
    page.locator(".jp-NotebookPanel h1").first.wait_for(timeout=LONGEST)
    welcome.locator(".how li").first.wait_for(timeout=LONGEST)
    return lab - asked, time.perf_counter() - lab


if __name__ == "__main__":
    sys.exit(main())
