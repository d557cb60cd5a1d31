"""The pages below BASE/workbook/, for whoever may use this Jupyter server."""

import asyncio
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from tornado import web
from tornado.httpclient import AsyncHTTPClient, HTTPError

from workbook_site import places
from workbook_site.classroom import course, pages
from workbook_site.workspace import sites

# The site is on this machine, whatever page shows it; nothing else is loaded from anywhere.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self' http://127.0.0.1:* http://localhost:*; "
    "frame-src 'self' http://127.0.0.1:* http://localhost:*; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
# Seconds for a site to say who it is.
PATIENCE = 2.0


class Handler(JupyterHandler):
    """What ours have in common."""

    auth_resource = "workbook"

    @property
    def content_security_policy(self) -> str:
        """In place of Jupyter's own."""
        return POLICY

    def set_default_headers(self) -> None:
        """Also: what is shown is as of this moment, and of the type that it says."""
        super().set_default_headers()
        self.set_header("Cache-Control", "no-cache")
        self.set_header("X-Content-Type-Options", "nosniff")

    def page(self, text: str) -> Any:
        """Answer with HTML."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        return self.finish(text)

    def course(self) -> course.Course:
        """As it stands."""
        return course.read(folder(Path(self.settings["server_root_dir"]).expanduser()))


def folder(root: Path) -> str:
    """The workspace, as Jupyter's contents know it: relative to `root`, "" where it is the same."""
    told = os.path.relpath(places.workspace(), root.resolve())
    return "" if told == "." else Path(told).as_posix()


class Welcome(Handler):
    """How this works."""

    @web.authenticated
    async def get(self) -> None:
        """GET workbook/welcome."""
        await self.page(pages.welcome(self.base_url, self.course()))


class Progress(Handler):
    """How far the learner is."""

    @web.authenticated
    async def get(self) -> None:
        """GET workbook/progress."""
        await self.page(pages.progress(self.base_url, self.course()))


class Site(Handler):
    """The live site, or what to do for there to be one."""

    @web.authenticated
    async def get(self) -> None:
        """GET workbook/site."""
        await self.page(pages.site(self.base_url))


class Where(Handler):
    """Where the newest site of the workspace answers."""

    @web.authenticated
    async def get(self) -> None:
        """GET workbook/site/where: what is `Announced`, and "here"; {} where none answers."""
        found = await running()
        await self.finish({"here": sites.HERE, **asdict(found)} if found else {})


class Asset(Handler):
    """What the pages load."""

    @web.authenticated
    async def get(self, name: str) -> None:
        """GET workbook/assets/NAME."""
        if name not in pages.KINDS:
            raise web.HTTPError(404)
        self.set_header("Content-Type", pages.KINDS[name])
        await self.finish(pages.asset(name))


async def running() -> sites.Announced | None:
    """The newest site that answers with its token."""
    told = sites.announced(places.workspace())
    answers = await asyncio.gather(*map(_answers, told))
    return next((site for site, answer in zip(told, answers, strict=True) if answer), None)


async def _answers(site: sites.Announced) -> bool:
    address = f"http://127.0.0.1:{site.port}{sites.HERE}"
    try:
        answer = await AsyncHTTPClient().fetch(address, request_timeout=PATIENCE)
    except (HTTPError, OSError):
        return False
    return bool(answer.body.decode(errors="replace") == site.token)


ROUTES = [
    (r"workbook/welcome", Welcome),
    (r"workbook/progress", Progress),
    (r"workbook/site", Site),
    (r"workbook/site/where", Where),
    (r"workbook/assets/([\w.]+)", Asset),
]
