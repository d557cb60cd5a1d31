"""One socket, many rooms

Editors follow several rooms at once, and don't want a socket for each. Write `Switchboard` for
`/ws/rooms/`. All messages are JSON objects; you may take it that they are well formed.

- `{"join": "café"}` brings this socket into a room, and is answered with `{"joined": "café"}`;
- `{"leave": "café"}` takes it out again, and is answered with `{"left": "café"}`;
- `{"room": "café", "text": "Coffee?"}` goes to every socket in that room, this one included, as
  it is. Whoever is not in the room can't speak there: such a socket gets `{"error": "..."}`, in
  your words, and nobody else gets anything.

A room may have **any** name, and no two rooms are mixed up. Nor are yours mixed up with the rooms
of the chat, for which `speak` sends its events: an event that no method of a consumer handles ends
the connection.
"""

from workbook_site.checking import Site, equal, that

FILE = "chat/consumers.py"
POINTS = 4
HINTS = [
    "A channel can be in many groups. The consumer has to remember in which rooms it is.",
    (
        "`group_of` gives a name for the group of any room, even of one called `café`. The chat "
        "asks it for the bare name; a word of your own in front makes it another group."
    ),
    (
        "A set on `self`, made in `connect`, holds the rooms. The event has to carry the name of "
        "the room too, for the members don't see by which group it came."
    ),
]
GIVEN = {
    "chat/routing.py": (
        'websocket_urlpatterns += [path("ws/rooms/", consumers.Switchboard.as_asgi())]\n'
    ),
}


async def what_one_says_the_room_hears(site: Site) -> None:
    """What one says in a room, everybody in it hears, the speaker too."""
    room, said = site.word(), {"room": "", "text": site.word()}
    said["room"] = room
    async with site.socket(URL) as ada, site.socket(URL) as grace:
        await _join(ada, room)
        await _join(grace, room)
        await ada.send(said)
        equal(await grace.receive(), said, "That is not what was said in the room.")
        equal(await ada.receive(), said, "The speaker is in the room, too.")


async def a_socket_is_in_many_rooms(site: Site) -> None:
    """One socket is in several rooms at once."""
    rooms = [site.word() for _ in range(3)]
    async with site.socket(URL) as ada, site.socket(URL) as grace:
        for room in rooms:
            await _join(ada, room)
            await _join(grace, room)
        for room in site.random.sample(rooms, 3):
            said = {"room": room, "text": site.word()}
            await grace.send(said)
            heard = await _heard(site, ada)
            equal(heard, said, f"Ada is in all of these rooms: {rooms}", nudge=SET)
            await _heard(site, grace)


async def any_name_will_do(site: Site) -> None:
    """A room may have any name: with accents, spaces, signs, and very long ones."""
    names = [f"café {site.word()}", f"{site.word()}/№ 1!", site.word() * 30, "記者"]
    async with site.socket(URL) as ada, site.socket(URL) as grace:
        for room in names:
            await _join(ada, room)
            await _join(grace, room)
            said = {"room": room, "text": site.word()}
            await ada.send(said)
            equal(await grace.receive(), said, f"What was said in {room!r} did not arrive.")
            await ada.receive()


async def rooms_are_not_mixed_up(site: Site) -> None:
    """What is said in one room is not heard in another, however alike their names are."""
    word, long = site.word(), site.word() * 20
    pairs = [
        (f"café{word}", f"cafe{word}"),
        (f"{word}!", f"{word}?"),
        (f"{word} 1", f"{word}-1"),
        (word, word.title()),
        (word, f"{word} "),
        (f"{long}1", f"{long}2"),
    ]
    for mine, other in pairs:
        async with site.socket(URL) as ada, site.socket(URL) as grace:
            await _join(ada, mine)
            await _join(grace, other)
            await ada.send({"room": mine, "text": site.word()})
            await ada.receive()
            await _hears_nothing(site, grace, f"Said in {mine!r}, and heard in {other!r}.", BENT)


async def the_rooms_of_the_chat_are_others(site: Site) -> None:
    """What is said in the chat is not heard here, and ends no connection, whatever the room."""
    room, kept = site.word(), site.word()
    async with site.socket(URL) as ada:
        await _join(ada, room)
        await _join(ada, kept)
        await site.call("chat.rooms.speak", room, "guest", site.word())
        await _hears_nothing(site, ada, f"`speak` has spoken in the chat's room {room}.", CHAT)


async def whoever_leaves_hears_no_more(site: Site) -> None:
    """Whoever leaves a room hears no more of it, and stays in the others."""
    left, kept = site.word(), site.word()
    async with site.socket(URL) as ada, site.socket(URL) as grace:
        for room in left, kept:
            await _join(ada, room)
            await _join(grace, room)
        await grace.send({"leave": left})
        equal(await grace.receive(), {"left": left}, "That is not the answer to `leave`.")
        await ada.send({"room": left, "text": site.word()})
        await ada.receive()
        await _hears_nothing(site, grace, "She had left this room, and still heard it.", LEAVE)
        said = {"room": kept, "text": site.word()}
        await ada.send(said)
        equal(await grace.receive(), said, "She is in this room still.")


async def strangers_cannot_speak(site: Site) -> None:
    """Whoever is not in a room gets an error, and nobody in it hears a word."""
    room, other = site.word(), site.word()
    async with site.socket(URL) as ada, site.socket(URL) as grace:
        await _join(ada, room)
        await _join(grace, other)
        for _ in range(2):  # never been there; then been there, and left
            await grace.send({"room": room, "text": site.word()})
            answer = await _heard(site, grace)
            that(isinstance(answer, dict) and "error" in answer, NO_ERROR, actual=answer)
            await _hears_nothing(site, ada, "Somebody was heard who is not in the room.")
            await _join(grace, room)
            await grace.send({"leave": room})
            await grace.receive()


URL = "/ws/rooms/"
SET = "Is one room all that the consumer remembers?"
BENT = "A name that was bent until it fits may fit another room as well. What does `group_of` do?"
CHAT = "Both ask `group_of` for the same name, so they share a group, and get each other's events."
LEAVE = "`group_discard` takes a channel out of a group."
NO_ERROR = "There should be an object with an `error` for whoever is not in the room."


async def _join(ws, room):
    await ws.send({"join": room})
    equal(await ws.receive(), {"joined": room}, "That is not the answer to `join`.")


async def _hears_nothing(site, ws, message, nudge=""):
    equal(await _heard(site, ws), None, message, nudge=nudge)


async def _heard(site, ws):
    """What has arrived and was not looked at yet; None when nothing has."""
    await site.quiet()
    end = {"left": site.word()}
    await ws.send({"leave": end["left"]})
    heard = [await ws.receive()]
    while heard[-1] != end:
        heard.append(await ws.receive())
    return heard[0] if heard[0] != end else None
