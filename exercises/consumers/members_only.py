"""Everybody may listen, members may speak

The newsroom has a wire, at `/ws/wire/`. Write `Wire`:

- everybody may connect and listen, guests too;
- what a member sends, `{"text": "..."}`, goes to everybody on the wire as
  `{"name": "ada", "text": "..."}`, back to the sender as well. A member is somebody who is logged
  in, and the name is the one of that login, whatever else is in the message;
- a guest who sends something gets `{"error": "..."}`, in your words, and nobody else hears of it;
- the same goes for a member who has **logged out meanwhile**. The connection stays, for everybody
  may listen.

The messages are well formed. Here you don't close anything at a logout: you ask again.
"""

import re

from workbook_site.checking import Failure, Site, equal, that

FILE = "chat/consumers.py"
POINTS = 4
HINTS = [
    (
        "`scope['user']` was found at the handshake, and so was what `scope['session']` holds. "
        "Which part of a session never changes, so that you can look it up again?"
    ),
    (
        "`scope['session'].session_key` is the key. A new `SessionStore(key)`, from "
        "`django.contrib.sessions.backends.db`, knows nothing yet, and asks the database."
    ),
    (
        "`channels.auth.get_user` finds the user of a session in a scope: "
        "`await get_user({'session': SessionStore(key)})`. For a session that is over, it gives an "
        "`AnonymousUser`."
    ),
]
GIVEN = {
    "chat/routing.py": ('websocket_urlpatterns += [path("ws/wire/", consumers.Wire.as_asgi())]\n'),
}


async def what_a_member_says_everybody_hears(site: Site) -> None:
    """What a member says, everybody on the wire hears, with the member's name."""
    name, text = site.word(), site.word()
    async with site.socket(URL) as guest, site.socket(URL, user=name) as member:
        await member.send({"text": text})
        for who, ws in ("the guest", guest), ("the member", member):
            equal(await ws.receive(), {"name": name, "text": text}, f"What {who} hears.")


async def names_are_those_of_the_login(site: Site) -> None:
    """The name is the one of the login, whatever the message says."""
    name, other, text = site.word(), site.word(), site.word()
    async with site.socket(URL, user=other) as ws, site.socket(URL, user=name) as member:
        lie = {"text": text, "name": other, "user": other, "from": other}
        await member.send(lie)
        equal(await ws.receive(), {"name": name, "text": text}, f"The message was {lie}.")


async def guests_cannot_speak(site: Site) -> None:
    """A guest who speaks gets an error, and nobody else hears of it."""
    async with site.socket(URL) as guest, site.socket(URL, user=site.word()) as member:
        await _gets_an_error(guest, site.word())
        await _first_word_is_of(site, member)


async def a_member_who_logged_out_cannot_speak(site: Site) -> None:
    """Whoever has logged out meanwhile gets an error, too."""
    name = site.word()
    cookie = await _log_in(site, name)
    async with site.socket(URL, headers=cookie) as ws, site.socket(URL, user=site.word()) as other:
        await ws.send({"text": site.word()})
        equal((await ws.receive())["name"], name, "The name of a member who is logged in.")
        await other.receive()
        await _log_out(site, cookie)
        await _gets_an_error(ws, site.word(), LOGGED_OUT, ASK_AGAIN)
        await _first_word_is_of(site, other)


async def whoever_logged_out_goes_on_listening(site: Site) -> None:
    """The connection of a member who has logged out stays open, and listens."""
    cookie, name, text = await _log_in(site, site.word()), site.word(), site.word()
    async with site.socket(URL, headers=cookie) as ws, site.socket(URL, user=name) as other:
        await ws.send({"text": site.word()})
        await ws.receive()
        await other.receive()
        await _log_out(site, cookie)
        await ws.send({"text": site.word()})
        that("error" in await ws.receive(), LOGGED_OUT, nudge=ASK_AGAIN)
        await other.send({"text": text})
        equal(await ws.receive(), {"name": name, "text": text}, "What the listener hears.")


async def one_logout_is_not_everybodys(site: Site) -> None:
    """The others, and the same member on another device, speak on."""
    name = site.word()
    phone = await _log_in(site, name)
    desk = await _log_in(site, name, made=True)
    async with site.socket(URL, headers=desk) as ws:
        await _log_out(site, phone)
        text = site.word()
        await ws.send({"text": text})
        equal(await ws.receive(), {"name": name, "text": text}, "It was another session's logout.")


URL = "/ws/wire/"
PASSWORD = "correct horse"  # noqa: S105
LOGGED_OUT = "This member had logged out before the message was sent."
ASK_AGAIN = "What the scope knows is from the handshake."
NO_LOGIN = "The login at /accounts/login/ did not give a session."


async def _gets_an_error(ws, text, message="A guest has sent something.", nudge=""):
    await ws.send({"text": text})
    answer = await ws.receive()
    that(
        isinstance(answer, dict) and "error" in answer,
        message,
        expected='{"error": "..."}',
        actual=answer,
        nudge=nudge,
    )


async def _first_word_is_of(site, member):
    """The next thing that a member hears is the member's own word."""
    await site.quiet()
    text = site.word()
    await member.send({"text": text})
    heard = await member.receive()
    that(
        isinstance(heard, dict) and heard.get("text") == text,
        "Somebody was heard who may not speak.",
        actual=heard,
    )


async def _log_in(site, name, made=False):
    if not made:
        await site.add("auth.User", username=name, password=PASSWORD)
    form = {"username": name, "password": PASSWORD}
    answer = (await site.post("/accounts/login/", data=form)).status(302)
    found = re.search(r"sessionid=(\w+)", answer.headers.get("set-cookie", ""))
    if not found:
        raise Failure(NO_LOGIN)
    return {"Cookie": f"sessionid={found[1]}"}


async def _log_out(site, cookie):
    name, _, value = cookie["Cookie"].partition("=")
    (await site.post("/accounts/logout/", cookies={name: value})).status(302)
