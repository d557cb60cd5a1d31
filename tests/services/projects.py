"""A small Django project on disk with a queue and a socket, for processes of its own."""

import shutil
from pathlib import Path

from workbook_site import places

SETTINGS = """
INSTALLED_APPS = ["daphne", *INSTALLED_APPS, "channels", "huey.contrib.djhuey", "chat"]
MEMORY = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
VALKEY = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {"hosts": [os.environ.get("VALKEY_URL", "")]},
    }
}
CHANNEL_LAYERS = VALKEY if "VALKEY_URL" in os.environ else MEMORY
HUEY = {
    "huey_class": "huey.SqliteHuey",
    "immediate": False,
    "connection": {"filename": str(BASE_DIR / "queue.sqlite3")},
    "consumer": {"max_delay": 0.1},
}
"""

TASKS = """
import sys
from huey.contrib.djhuey import task

@task()
def hello(word):
    ours = [name for name in sys.modules if name.startswith("workbook_site")]
    print("hello", word, "with", ours or "nothing of the workbook", flush=True)

@task()
def slow():
    import time
    print("slow begins", flush=True)
    time.sleep(600)
"""

VIEWS = """
import os
import sys
from django.conf import settings
from django.http import JsonResponse
from chat import tasks

async def hello(request):
    tasks.hello(request.GET["word"])
    user = await request.auser()
    ours = [name for name in sys.modules if name.startswith("workbook_site")]
    return JsonResponse({"pid": os.getpid(), "user": user.get_username(), "workbook": ours,
                         "upstream": settings.UPSTREAM_URL, "method": request.method})
"""

CONSUMERS = """
import asyncio
from channels.generic.websocket import AsyncJsonWebsocketConsumer

class Chat(AsyncJsonWebsocketConsumer):
    async def connect(self):
        if self.scope["query_string"] == b"closed":
            return await self.close()
        await self.channel_layer.group_add("lobby", self.channel_name)
        await self.accept(subprotocol=(self.scope["subprotocols"] or [None])[0])

    async def disconnect(self, code):
        await self.channel_layer.group_discard("lobby", self.channel_name)

    async def receive_json(self, content):
        if content == "wrong":
            raise RuntimeError("the consumer is wrong")
        if content == "bye":
            return await self.close(4001)
        if content == "text":
            return await self.send("no json")
        if content == "hang":
            await asyncio.sleep(600)
        told = {"type": "said", "text": content, "by": self.scope["user"].username}
        await self.channel_layer.group_send("lobby", told)

    async def said(self, event):
        await self.send_json({"text": event["text"], "by": event["by"]})
"""

ASGI = """
import os
from django.core.asgi import get_asgi_application
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
http = get_asgi_application()

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.urls import path
from chat.consumers import Chat

routes = URLRouter([path("ws/", Chat.as_asgi())])
application = ProtocolTypeRouter({
    "http": http,
    "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(routes)),
})
"""

PAGE = """
from django.http import HttpResponse

def page(request):
    return HttpResponse('''<!doctype html><title>Chat</title>
<label>Say <input id="say"></label><ul id="heard"></ul><script>
const url = new URL("../ws/", location.href);
url.protocol = url.protocol.replace("http", "ws");
const socket = new WebSocket(url);
socket.onmessage = (event) => {
  const line = document.createElement("li");
  line.textContent = JSON.parse(event.data).text;
  document.getElementById("heard").append(line);
};
document.getElementById("say").onchange = (event) => {
  socket.send(JSON.stringify(event.target.value));
};
</script>''')
"""

URLS = """
from chat import pages, views
urlpatterns += [path("hello/", views.hello), path("chat/", pages.page)]
"""

FILES = {
    "chat/__init__.py": "",
    "chat/consumers.py": CONSUMERS,
    "chat/tasks.py": TASKS,
    "chat/views.py": VIEWS,
    "chat/pages.py": PAGE,
    "mysite/asgi.py": ASGI,
}
# Named blocks, so that the starter's own text stays.
BLOCKS = {"mysite/settings.py": SETTINGS, "mysite/urls.py": URLS}


def project(folder):
    """The project, written below `folder`; where it is."""
    newsroom = Path(folder) / "newsroom"
    shutil.copytree(places.starter(), newsroom, ignore=shutil.ignore_patterns("__pycache__"))
    for path, text in FILES.items():
        (newsroom / path).parent.mkdir(exist_ok=True)
        (newsroom / path).write_text(text)
    for path, text in BLOCKS.items():
        (newsroom / path).write_text((newsroom / path).read_text() + text)
    return newsroom


def cells():
    """The same as cells of a notebook, in an order in which each can be loaded."""
    order = ["chat/__init__.py", "chat/tasks.py", "chat/views.py", "chat/pages.py"]
    yield from (f"%%site {path}\n{FILES[path]}" for path in order)
    yield f"%%site mysite/settings.py --append chat\n{SETTINGS}"
    yield f"%%site chat/consumers.py\n{CONSUMERS}"
    yield f"%%site mysite/asgi.py\n{ASGI}"
    yield f"%%site mysite/urls.py --append chat\n{URLS}"
