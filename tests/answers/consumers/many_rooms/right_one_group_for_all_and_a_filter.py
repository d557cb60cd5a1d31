import json


class Switchboard(AsyncWebsocketConsumer):
    """Everybody hears everything, and tells only what is said in rooms of its own."""

    groups = ["switchboard"]

    async def connect(self):
        self.rooms = []
        await self.accept()

    async def receive(self, text_data=None, bytes_data=None):
        message = json.loads(text_data)
        if "join" in message:
            self.rooms.append(message["join"])
            answer = {"joined": message["join"]}
        elif "leave" in message:
            self.rooms = [room for room in self.rooms if room != message["leave"]]
            answer = {"left": message["leave"]}
        elif message["room"] in self.rooms:
            return await self.channel_layer.group_send("switchboard", {"type": "said", **message})
        else:
            answer = {"error": "not your room"}
        await self.send(text_data=json.dumps(answer))

    async def said(self, event):
        if event["room"] in self.rooms:
            said = {"room": event["room"], "text": event["text"]}
            await self.send(text_data=json.dumps(said))
