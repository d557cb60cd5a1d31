"""The workbook's own Django site, asked through ASGI."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

ASK = """
import asyncio, httpx
from workbook_site.asgi import application

async def main():
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        print((await client.get("/health/")).json()["chapters"])
        print((await client.get("/nowhere/")).status_code)
        print((await client.get("/health/", headers={"host": "evil.example"})).status_code)

asyncio.run(main())
"""


def test_it_says_that_it_is_up_and_which_chapters_it_knows():
    # In a process of its own: the settings of another Django may be loaded in this one.
    done = subprocess.run(
        [sys.executable, "-c", ASK], cwd=ROOT, capture_output=True, text=True, check=False
    )
    chapters, nowhere, foreign = done.stdout.splitlines()
    assert "'00_three_problems'" in chapters
    assert (nowhere, foreign) == ("404", "400")
