"""For those who come late

At `/ws/late/<room>/` there is a room that catches you up. Write `LateRoom`:

- the first thing it says is `{"history": [...]}`: the last five messages of **this** room, oldest
  first, each as `{"name": "...", "text": "..."}`. With `/ws/late/lobby/?last=20` it is the last
  twenty;
- `last` may be anything from 0 to 50. When it is something else, or no number, or missing, it is
  five;
- from then on it is a room like any other: what is said is kept, everybody in it hears it, and
  rooms other than the lobby are for people who have logged in.
"""

from workbook_site.checking import Site, equal, that

FILE = "chat/consumers.py"
POINTS = 4
HINTS = [
    "`Room` does most of this. What has to happen once it has let somebody in?",
    (
        "`class LateRoom(Room)`, and a `connect` that calls `super().connect()` and then sends. "
        "`urllib.parse.parse_qs(self.scope['query_string'].decode())` takes the query apart."
    ),
    (
        "The last five are the first five when you order by `-pk`. Then turn them around: "
        "`[... async for message in newest][::-1]`."
    ),
]
GIVEN = {
    "chat/routing.py": (
        'websocket_urlpatterns += [path("ws/late/<str:room>/", consumers.LateRoom.as_asgi())]\n'
    ),
}


async def it_begins_with_the_last_five(site: Site) -> None:
    """The first message is the history: the last five, oldest first."""
    said = await _said(site, "lobby", site.random.randint(7, 12))
    await _begins_with(site, URL, said[-5:])


async def a_new_room_has_no_history(site: Site) -> None:
    """In a room where nothing has been said, the history is an empty list."""
    await _begins_with(site, URL, [])


async def it_is_the_history_of_this_room(site: Site) -> None:
    """What was said in other rooms is not in it."""
    name = site.word()
    other = f"café {site.word()}"
    said = [*await _said(site, "lobby", 2)]
    elsewhere = await _said(site, other, 3)
    said += await _said(site, "lobby", 2)
    await _begins_with(site, URL, said)
    await _begins_with(site, f"/ws/late/{other}/", elsewhere, user=name)


async def the_number_is_up_to_the_reader(site: Site) -> None:
    """The reader says how many, from 0 to 50."""
    said = await _said(site, "lobby", 52)
    for last in 0, 1, site.number(6, 49), 50:
        await _begins_with(site, f"{URL}?last={last}", said[len(said) - last :])


async def nonsense_means_five(site: Site) -> None:
    """Any other number, or none, means five."""
    said = await _said(site, "lobby", 8)
    for last in "51", "-1", str(-site.number(2, 900)), site.word(), "", "3.5", "9" * 30:
        await _begins_with(site, f"{URL}?last={last}", said[-5:], asked=f"last={last}")
    await _begins_with(site, f"{URL}?first=1", said[-5:], asked="no `last`")


async def it_is_a_room_like_any_other(site: Site) -> None:
    """What is said is heard by everybody, kept, and in the history of the next."""
    name, text = site.word(), site.word()
    async with site.socket(URL) as ada, site.socket(URL, user=name) as grace:
        for ws in ada, grace:
            equal(await ws.receive(), {"history": []}, "Nothing has been said yet.")
        await grace.send({"text": text})
        for ws in ada, grace:
            equal(await ws.receive(), {"name": name, "text": text}, "What was said just now.")
        await ada.send_text(site.word())
        that("error" in await ada.receive(), "A message that is no JSON gets an error, as before.")
    kept = await site.rows("chat.Message", room="lobby")
    equal([(row["name"], row["text"]) for row in kept], [(name, text)], "What was kept.")
    await _begins_with(site, URL, [{"name": name, "text": text}])


async def strangers_stay_outside(site: Site) -> None:
    """Rooms other than the lobby are still for people who have logged in."""
    room = site.word()
    await _said(site, room, 2)
    async with site.socket(f"/ws/late/{room}/") as ws:
        that(ws.rejected, "A stranger was let in, and may read the history.")


URL = "/ws/late/lobby/"


async def _said(site, room, count):
    said = [{"name": site.word(), "text": site.word()} for _ in range(count)]
    await site.add_all("chat.Message", [{"room": room, **each} for each in said])
    return said


async def _begins_with(site, path, history, user=None, asked=""):
    async with site.socket(path, user=user) as ws:
        first = await ws.receive()
    what = f"The first message on {path}" + (f" ({asked})" if asked else "")
    equal(first, {"history": history}, f"{what}.")
