import json

from chat.rooms import group_of


class Switchboard(AsyncWebsocketConsumer):
    """One socket, in as many rooms as it likes."""

    ### BEGIN SOLUTION
    ### STARTER: async def connect(self):
    ### STARTER:     await self.accept()
    async def connect(self):
        self.rooms = set()
        await self.accept()

    async def disconnect(self, code):
        for room in self.rooms:
            await self.channel_layer.group_discard(self.group(room), self.channel_name)

    async def receive(self, text_data=None, bytes_data=None):
        message = json.loads(text_data)
        if "join" in message:
            await self.join(message["join"])
        elif "leave" in message:
            await self.leave(message["leave"])
        elif message["room"] in self.rooms:
            event = {"type": "room.message", "room": message["room"], "text": message["text"]}
            await self.channel_layer.group_send(self.group(message["room"]), event)
        else:
            await self.tell({"error": f"You are not in {message['room']}."})

    async def join(self, room):
        self.rooms.add(room)
        await self.channel_layer.group_add(self.group(room), self.channel_name)
        await self.tell({"joined": room})

    async def leave(self, room):
        self.rooms.discard(room)
        await self.channel_layer.group_discard(self.group(room), self.channel_name)
        await self.tell({"left": room})

    def group(self, room):
        """The chat has its own groups, by the bare names."""
        return group_of(f"switchboard {room}")

    async def room_message(self, event):
        await self.tell({"room": event["room"], "text": event["text"]})

    async def tell(self, data):
        await self.send(text_data=json.dumps(data))

    ### END SOLUTION
