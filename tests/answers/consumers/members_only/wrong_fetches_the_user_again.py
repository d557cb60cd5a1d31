# expect: What the scope knows is from the handshake.
import json

from channels.auth import get_user
from django.contrib.sessions.backends.db import SessionStore

WIRE = "wire"


class Wire(AsyncWebsocketConsumer):
    """Everybody may listen, members may speak."""

    async def connect(self):
        await self.channel_layer.group_add(WIRE, self.channel_name)
        await self.accept()

    async def disconnect(self, code):
        await self.channel_layer.group_discard(WIRE, self.channel_name)

    async def receive(self, text_data=None, bytes_data=None):
        text = json.loads(text_data)["text"]
        user = self.scope["user"]
        if user.is_authenticated:
            await user.arefresh_from_db()
        if user.is_authenticated:
            event = {"type": "wire.message", "name": user.get_username(), "text": text}
            await self.channel_layer.group_send(WIRE, event)
        else:
            await self.send(text_data=json.dumps({"error": "Log in to speak."}))

    async def who_is_it(self):
        """The user of the session as it is now, and not as it was at the handshake."""
        session = SessionStore(self.scope["session"].session_key)
        return await get_user({"session": session})

    async def wire_message(self, event):
        said = {"name": event["name"], "text": event["text"]}
        await self.send(text_data=json.dumps(said))
