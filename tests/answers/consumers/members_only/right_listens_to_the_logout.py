import json

from channels.layers import get_channel_layer
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver

from chat.rooms import group_of

WIRE = "wire"


def group_of_login(session):
    return group_of(f"wire login {session.session_key}")


class Wire(AsyncWebsocketConsumer):
    async def connect(self):
        user = self.scope["user"]
        self.name = user.get_username() if user.is_authenticated else None
        self.mine = [WIRE] + [group_of_login(self.scope["session"])] * bool(self.name)
        for group in self.mine:
            await self.channel_layer.group_add(group, self.channel_name)
        await self.accept()

    async def disconnect(self, code):
        for group in self.mine:
            await self.channel_layer.group_discard(group, self.channel_name)

    async def receive(self, text_data=None, bytes_data=None):
        if self.name is None:
            return await self.send(text_data=json.dumps({"error": "guests listen"}))
        said = {"name": self.name, "text": json.loads(text_data)["text"]}
        await self.channel_layer.group_send(WIRE, {"type": "wire.message", **said})

    async def wire_message(self, event):
        said = {"name": event["name"], "text": event["text"]}
        await self.send(text_data=json.dumps(said))

    async def login_over(self, event):
        self.name = None


@receiver(user_logged_out)
async def end_logins(sender, request, **kwargs):
    group = group_of_login(request.session)
    await get_channel_layer().group_send(group, {"type": "login.over"})
