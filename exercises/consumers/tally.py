"""Count along

Reporters dictate over a socket, at `/ws/tally/`, and want to know how much they have said. Write
the consumer `Tally`. It

- says `{"words": 0, "longest": ""}` as soon as the connection is open, without being asked;
- answers each message (plain text) in the same way: how many words this connection has sent in
  all, and the longest of them so far. Of words that are equally long, it is the first;
- counts for each connection on its own.

Words are what stands between spaces, as `text.split()` finds them. What goes out is JSON.
"""

from workbook_site.checking import Site, equal

FILE = "chat/consumers.py"
POINTS = 3
HINTS = [
    "A consumer may send at any time, even in `connect`. But first it has to accept.",
    (
        "There is one object for each connection, so what belongs to a connection belongs on "
        "`self`. Set it up in `connect`."
    ),
    (
        "`max(words, key=len)` gives the first of the longest ones. Put the longest so far in "
        "front of the new words, and it stays when it deserves to."
    ),
]
GIVEN = {
    "chat/routing.py": (
        'websocket_urlpatterns += [path("ws/tally/", consumers.Tally.as_asgi())]\n'
    ),
}


async def it_speaks_first(site: Site) -> None:
    """It speaks first: no words yet, and none the longest."""
    async with site.socket(URL) as ws:
        equal(await ws.receive(), {"words": 0, "longest": ""}, "That is not the greeting.")


async def it_counts_the_words_of_each_message(site: Site) -> None:
    """It answers each message with the number of words, and the longest."""
    words = [site.word()[:length] for length in (2, 4, 7)]
    async with site.socket(URL) as ws:
        await ws.receive()
        await ws.send_text(" ".join(words))
        equal(await ws.receive(), {"words": 3, "longest": words[2]}, f"Sent: three words ({words})")


async def it_adds_up(site: Site) -> None:
    """It counts all that the connection has sent, and keeps the longest."""
    said, longest = 0, ""
    async with site.socket(URL) as ws:
        await ws.receive()
        for _ in range(4):
            words = [_word(site) for _ in range(site.random.randint(1, 5))]
            said, longest = said + len(words), max([longest, *words], key=len)
            await ws.send_text(_spread(site, words))
            equal(await ws.receive(), {"words": said, "longest": longest}, f"Last sent: {words}")


async def the_first_of_equally_long_words_stays(site: Site) -> None:
    """Of words that are equally long, the first stays the longest."""
    first, second, third = site.word(), site.word(), site.word()
    async with site.socket(URL) as ws:
        await ws.receive()
        for words in f"{first} {second}", third:
            await ws.send_text(words)
            answer = await ws.receive()
        equal(
            answer,
            {"words": 3, "longest": first},
            f"Sent {first}, {second} and {third}, all equally long.",
            nudge="Only a word that is *longer* takes the place of the longest.",
        )


async def connections_count_on_their_own(site: Site) -> None:
    """Two connections don't count for each other, and a new one begins with nothing."""
    async with site.socket(URL) as ada, site.socket(URL) as grace:
        for ws in ada, grace:
            equal(await ws.receive(), {"words": 0, "longest": ""}, SHARED, nudge=OWN)
        theirs, mine = site.word(), site.word()[:3]
        await ada.send_text(f"{theirs} {theirs}")
        await ada.receive()
        await grace.send_text(mine)
        equal(await grace.receive(), {"words": 1, "longest": mine}, SHARED, nudge=OWN)
    async with site.socket(URL) as ada:
        equal(await ada.receive(), {"words": 0, "longest": ""}, SHARED, nudge=OWN)


URL = "/ws/tally/"
SHARED = "This connection was told about the words of another one."
OWN = "What is kept in the class or in the module is shared by all connections."


def _word(site):
    return site.word()[: site.random.randint(1, 9)]


def _spread(site, words):
    """The words with any kind of space between and around them."""
    return "".join(site.random.choice([" ", "  ", "\n", "\t"]) + word for word in words) + " "
