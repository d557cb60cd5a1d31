"""A door that holds

Readers send tips to the newsroom, at `/ws/tips/`, and not all of them mean well. Write `Tips`:

- a good tip is a JSON object with a `"text"` that is a string, and not empty or only spaces. It is
  answered with `{"tip": 1}`, the next one with `{"tip": 2}`, and so on for this connection;
- anything else is answered with `{"error": "..."}`, in your words, and the connection stays open;
- only the **third** bad message is not answered: it closes the connection with code **1008**;
- a message of more than 2,000 characters closes it at once with code **1009**, whatever is in it.

You need not think of binary messages.
"""

import json

from workbook_site.checking import Site, equal, that

FILE = "chat/consumers.py"
POINTS = 4
HINTS = [
    "First the length, then the JSON, then the object, then the text: each can be wrong.",
    (
        "`json.loads` is glad to give you a list, a number or `null`. Ask `isinstance(..., dict)` "
        "before you look for a key, and `isinstance(..., str)` before you call `strip`."
    ),
    (
        "A small function that returns the text of a good tip, and `None` for anything else, "
        "leaves `receive` with counting and answering."
    ),
]
GIVEN = {
    "chat/routing.py": ('websocket_urlpatterns += [path("ws/tips/", consumers.Tips.as_asgi())]\n'),
}


async def good_tips_are_counted(site: Site) -> None:
    """Good tips are counted, for each connection."""
    for _ in range(2):
        async with site.socket(URL) as ws:
            for number in range(1, site.random.randint(4, 8)):
                await _good(site, ws, number)


async def what_is_no_json_gets_an_error(site: Site) -> None:
    """What is no JSON gets an error, and the connection stays open."""
    async with site.socket(URL) as ws:
        for text in site.word(), '{"text": ':
            await _bad(ws, text)
        await _good(site, ws, 1)


async def json_without_a_text_gets_an_error(site: Site) -> None:
    """JSON that is no object with a text gets an error, too."""
    nothing = ["[]", "7", "null", '"text"', "{}", '["text"]', json.dumps({site.word(): "x"})]
    await _each_is_bad(site, nothing)


async def a_text_that_is_none_gets_an_error(site: Site) -> None:
    """A text that is empty, or no string, gets an error, too."""
    texts = ["", "  \n ", None, 0, site.number(), True, [site.word()], {"text": site.word()}]
    await _each_is_bad(site, [json.dumps({"text": text}) for text in texts])


async def the_third_bad_one_closes(site: Site) -> None:
    """The third bad message closes the connection with 1008, good ones in between or not."""
    for good in 0, site.random.randint(1, 3):
        async with site.socket(URL) as ws:
            for _ in range(2):
                await _bad(ws, site.word())
                for _ in range(good):
                    await ws.send({"text": site.word()})
                    await ws.receive()
            await ws.send_text("[]")
            equal(await ws.closed(), 1008, "The code after three bad messages.")


async def a_big_one_closes_at_once(site: Site) -> None:
    """More than 2,000 characters close the connection with 1009; 2,000 don't."""
    frame = len(json.dumps({"text": ""}))
    async with site.socket(URL) as ws:
        await ws.send_text(json.dumps({"text": "é" * (2000 - frame)}, ensure_ascii=False))
        equal(await ws.receive(), {"tip": 1}, "This message has 2,000 characters, and no more.")
        await _good(site, ws, 2)
    for big in json.dumps({"text": "x" * (2001 - frame)}), "x" * site.number(2001, 9000):
        async with site.socket(URL) as ws:
            await ws.send_text(big)
            equal(await ws.closed(), 1009, f"The code after {len(big):,} characters.")


URL = "/ws/tips/"


async def _good(site, ws, number):
    tip = {"text": site.word()}
    await ws.send(tip)
    told = f"The answer to {json.dumps(tip)}, good tip number {number} on this connection."
    equal(await ws.receive(), {"tip": number}, told)


async def _bad(ws, text):
    await ws.send_text(text)
    answer = await ws.receive()
    that(
        isinstance(answer, dict) and "error" in answer,
        f"This is no tip: {text}",
        expected='{"error": "..."}',
        actual=answer,
    )


async def _each_is_bad(site, messages):
    """Each on a connection of its own, for the third bad one would close it."""
    for text in messages:
        async with site.socket(URL) as ws:
            await _bad(ws, text)
            await _good(site, ws, 1)
