# A consumer that floods whoever connects, and never listens.
from channels.generic.websocket import AsyncWebsocketConsumer

class Flood(AsyncWebsocketConsumer):
    async def connect(self):
        await self.accept()
        while True:
            await self.send("x" * 100_000)
