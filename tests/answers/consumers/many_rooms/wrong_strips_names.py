# expect: heard in
import json

import chat.rooms


def group_of(room):
    return "switch" + chat.rooms.group_of(room.strip())


class Switchboard(AsyncWebsocketConsumer):
    async def connect(self):
        self.rooms = set()
        await self.accept()

    async def disconnect(self, code):
        for room in self.rooms:
            await self.channel_layer.group_discard(group_of(room), self.channel_name)

    async def receive(self, text_data=None, bytes_data=None):
        message = json.loads(text_data)
        if "join" in message:
            self.rooms.add(message["join"])
            await self.channel_layer.group_add(group_of(message["join"]), self.channel_name)
            await self.tell({"joined": message["join"]})
        elif "leave" in message:
            self.rooms.discard(message["leave"])
            await self.channel_layer.group_discard(group_of(message["leave"]), self.channel_name)
            await self.tell({"left": message["leave"]})
        elif message["room"] not in self.rooms:
            await self.tell({"error": "join first"})
        else:
            event = {"type": "room.said", "said": message}
            await self.channel_layer.group_send(group_of(message["room"]), event)

    async def room_said(self, event):
        await self.tell(event["said"])

    async def tell(self, data):
        await self.send(text_data=json.dumps(data))
