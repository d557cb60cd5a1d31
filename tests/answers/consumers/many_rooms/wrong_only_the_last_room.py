# expect: Is one room all that the consumer remembers?
import json

from chat.rooms import group_of


class Switchboard(AsyncWebsocketConsumer):
    room = None

    async def connect(self):
        await self.accept()

    async def receive(self, text_data=None, bytes_data=None):
        message = json.loads(text_data)
        if "join" in message:
            if self.room:
                await self.channel_layer.group_discard(group_of(self.room), self.channel_name)
            self.room = message["join"]
            await self.channel_layer.group_add(group_of(self.room), self.channel_name)
            await self.tell({"joined": self.room})
        elif "leave" in message:
            await self.channel_layer.group_discard(group_of(message["leave"]), self.channel_name)
            if self.room == message["leave"]:
                self.room = None
            await self.tell({"left": message["leave"]})
        elif message["room"] != self.room:
            await self.tell({"error": "join first"})
        else:
            event = {"type": "room.said", "said": message}
            await self.channel_layer.group_send(group_of(self.room), event)

    async def room_said(self, event):
        await self.tell(event["said"])

    async def tell(self, data):
        await self.send(text_data=json.dumps(data))
