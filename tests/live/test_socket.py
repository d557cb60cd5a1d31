"""`site.socket`: a WebSocket from a cell, with an answer or a reason within its time."""

import pytest

from tests.live.kernels import BOOT, Kernel
from tests.services import projects


@pytest.fixture(scope="module")
def spine(tmp_path_factory, content):
    """A kernel whose project has a queue and a socket."""
    with Kernel(tmp_path_factory.mktemp("workspace"), content) as kernel:
        kernel.good(BOOT)
        for cell in projects.cells():
            kernel.good(cell)
        yield kernel


def test_a_word_reaches_everybody_in_the_group(spine):
    shown = spine.good(
        'async with site.socket("/ws/", user="ada") as a, site.socket("/ws/") as b:\n'
        '    await a.send("hi")\n'
        "    print(await a.receive(), await b.receive(), a.code, a.rejected)\n"
        "    print(a)\n"
    )
    assert shown.printed.count("{'text': 'hi', 'by': 'ada'}") == 2
    assert "101 False" in shown.printed
    assert "WebSocket /ws/, open" in shown.printed


def test_a_cell_speaks_to_the_group_in_the_sites_loop(spine):
    shown = spine.good(
        "from channels.layers import get_channel_layer\n"
        'async with site.socket("/ws/") as ws:\n'
        '    told = {"type": "said", "text": "news", "by": "a cell"}\n'
        '    await site.run(get_channel_layer().group_send("lobby", told))\n'
        "    print(await ws.receive(within=5))\n"
    )
    assert "'by': 'a cell'" in shown.printed


def test_the_close_of_the_server_and_its_code(spine):
    code = 'async with site.socket("/ws/") as ws:\n    await ws.send("bye")\n'
    assert "4001" in spine.good(code + "    print(await ws.closed())").printed
    shown = spine.run(code + "    await ws.receive()")
    assert "The WebSocket /ws/ is closed (code 4001)." in shown.traceback
    shown = spine.run(code.replace("bye", "hi") + "    await ws.closed()")
    assert "brought a message, where it was to be closed" in shown.traceback


def test_subprotocols_and_headers(spine):
    shown = spine.good(
        'async with site.socket("/ws/", subprotocols=["v2"], headers={"X-A": "b"}) as ws:\n'
        "    print(ws.subprotocol)"
    )
    assert "v2" in shown.printed


@pytest.mark.parametrize(
    ("path", "options", "said"),
    [
        ("/ws/", "origin=None", "It bore no Origin header"),
        ("/ws/", "origin='https://evil.example'", "Its origin was https://evil.example"),
        ("/ws/?closed", "", "Did the consumer call close() before accept()?"),
        ("/nowhere/", "", "ValueError: No route found for path 'nowhere/'"),
    ],
)
def test_a_refusal_is_told_with_its_reason(spine, path, options, said):
    begin = f'async with site.socket("{path}", {options}) as ws:\n'
    assert "True" in spine.good(begin + "    print(ws.rejected)").printed
    for word in ("ws.accepted()", "await ws.receive()", 'await ws.send("x")'):
        shown = spine.run(begin + f"    {word}")
        assert f"The WebSocket {path} was refused with HTTP status" in shown.traceback
        assert said in shown.traceback
        assert "site-packages" not in shown.traceback


def test_what_the_consumer_raises_is_shown_with_its_line(spine):
    code = 'async with site.socket("/ws/") as ws:\n    await ws.send("wrong")\n'
    for rest in ("    await ws.receive()", ""):
        shown = spine.run(code + rest)
        assert "RuntimeError: the consumer is wrong" in shown.traceback
        assert "chat/consumers.py" in shown.traceback
        assert "site-packages" not in shown.traceback


def test_waiting_is_bounded_and_says_where_the_consumer_is(spine):
    shown = spine.run('async with site.socket("/ws/") as ws:\n    await ws.receive(within=0.1)')
    assert "No message came over the WebSocket /ws/ within 0.1 seconds." in shown.traceback
    shown = spine.run(
        'async with site.socket("/ws/") as ws:\n'
        '    await ws.send("hang")\n    await ws.receive(within=0.3)'
    )
    assert "await asyncio.sleep(600)" in shown.traceback
    shown = spine.run('async with site.socket("/ws/") as ws:\n    await ws.closed(within=0.1)')
    assert "was not closed within 0.1 seconds" in shown.traceback


def test_a_message_is_not_lost_by_a_wait_that_ended_early(spine):
    shown = spine.good(
        'async with site.socket("/ws/") as ws:\n'
        "    try:\n        await ws.receive(within=0.05)\n"
        "    except Exception as late:\n        print(type(late).__name__)\n"
        '    await ws.send("after all")\n    print(await ws.receive())'
    )
    assert "after all" in shown.printed


def test_what_is_no_json_is_shown_as_it_is(spine):
    code = 'async with site.socket("/ws/") as ws:\n    await ws.send("text")\n'
    shown = spine.run(code + "    await ws.receive()")
    assert "is no JSON: 'no json'" in shown.traceback
    assert "no json" in spine.good(code + "    print(await ws.receive_text())").printed


def test_a_socket_of_a_cell_that_is_gone_leaves_the_group(spine):
    spine.good("from channels.layers import get_channel_layer")
    there = 'len(get_channel_layer().groups.get("lobby", ()))'
    before = spine.value(there)
    shown = spine.good(f'async with site.socket("/ws/") as ws:\n    print({there})')
    assert int(shown.printed) == before + 1
    assert spine.value(there) == before


def test_users_are_logged_in_for_one_request_only(spine):
    asked = 'site.get("/hello/", params={"word": "x"}'
    assert spine.value(f'(await {asked}, user="ada")).json()["user"]') == "ada"
    assert spine.value(f"(await {asked})).json()['user']") == ""
    assert spine.value('(await site.post("/hello/?word=x", user="bob")).json()["user"]') == "bob"
    assert spine.value('(await site.post("/hello/?word=x", csrf=False)).status_code') == 403


def test_whoever_logs_in_by_the_form_stays_so(spine):
    spine.good(
        "from django.contrib.auth.models import User\n"
        'user = await User.objects.acreate(username="eve", is_staff=True)\n'
        'user.set_password("secret")\nawait user.asave()\n'
        'form = {"username": "eve", "password": "secret", "next": "/hello/?word=x"}\n'
        'answer = await site.post("/admin/login/", data=form)\n'
    )
    assert spine.value("answer.status_code") == 302
    assert spine.value('(await site.get("/hello/?word=x")).json()["user"]') == "eve"
    assert spine.value('(await site.get("/hello/?word=x", user="ada")).json()["user"]') == "ada"
    spine.good('_ = await site.post("/admin/logout/")')
    assert spine.value('(await site.get("/hello/?word=x")).json()["user"]') == ""


def test_new_code_for_new_sockets_while_open_ones_keep_theirs(spine):
    spine.good('old = site.socket("/ws/")\nws = await old.__aenter__()')
    cell = f"%%site chat/consumers.py\n{projects.CONSUMERS}"
    spine.good(cell.replace('"text": event["text"]', '"text": "new " + event["text"]'))
    shown = spine.good(
        'async with site.socket("/ws/") as new:\n'
        '    await new.send("hi")\n'
        "    print(await ws.receive(), await new.receive())\n"
        "_ = await old.__aexit__(None, None, None)"
    )
    assert "{'text': 'hi', 'by': ''} {'text': 'new hi', 'by': ''}" in shown.printed
    spine.good(cell)


def test_sockets_show_in_a_timeline(spine):
    spine.good(
        "with site.timeline() as t:\n"
        '    async with site.socket("/ws/") as ws:\n'
        '        await ws.send("hi")\n        await ws.receive()\n'
    )
    assert "/ws/" in spine.good("t").plain


def test_two_panes_are_titled_and_stand_side_by_side(spine):
    shown = spine.good('site.show_two("/chat/", labels=("Ada", "Grace"), height=200)')
    assert "Ada: the live page /chat/" in shown.plain
    assert "Grace: the live page /chat/" in shown.plain
    assert shown.html.count("data-pane") >= 2
    assert "flex-wrap:wrap" in shown.html
    shown = spine.good('site.show_two("/chat/?as=ada", "/chat/?as=</script>")')
    assert shown.html.count("</script>") == 1
