import json
from itertools import count

from channels.generic.websocket import AsyncJsonWebsocketConsumer


def read(message):
    try:
        return json.loads(message)
    except json.JSONDecodeError:
        return None


class Tips(AsyncJsonWebsocketConsumer):
    async def connect(self):
        self.numbers, self.strikes = count(1), 2
        await self.accept()

    async def receive(self, text_data=None, bytes_data=None, **kwargs):
        if len(text_data) > 2_000:
            await self.close(1009)
            return
        match read(text_data):
            case {"text": str(text)} if text and not text.isspace():
                await self.send_json({"tip": next(self.numbers)})
            case _ if self.strikes:
                self.strikes -= 1
                await self.send_json({"error": "What?"})
            case _:
                await self.close(1008)
