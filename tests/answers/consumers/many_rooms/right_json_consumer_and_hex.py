from channels.generic.websocket import AsyncJsonWebsocketConsumer
from uuid import NAMESPACE_URL, uuid5


def name_of(room):
    return uuid5(NAMESPACE_URL, room).hex


class Switchboard(AsyncJsonWebsocketConsumer):
    async def connect(self):
        self.mine = {}
        await self.accept()

    async def receive_json(self, content):
        match content:
            case {"join": room}:
                self.mine[room] = name_of(room)
                await self.channel_layer.group_add(self.mine[room], self.channel_name)
                await self.send_json({"joined": room})
            case {"leave": room}:
                self.mine.pop(room, None)
                await self.channel_layer.group_discard(name_of(room), self.channel_name)
                await self.send_json({"left": room})
            case {"room": room, "text": text} if room in self.mine:
                event = {"type": "heard", "room": room, "text": text}
                await self.channel_layer.group_send(self.mine[room], event)
            case _:
                await self.send_json({"error": "You are not there."})

    async def heard(self, event):
        await self.send_json({"room": event["room"], "text": event["text"]})

    async def disconnect(self, code):
        for name in self.mine.values():
            await self.channel_layer.group_discard(name, self.channel_name)
