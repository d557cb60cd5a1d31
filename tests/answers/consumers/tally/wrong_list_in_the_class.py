# expect: What is kept in the class or in the module is shared by all connections.
import json


class Tally(AsyncWebsocketConsumer):
    said = []

    async def connect(self):
        await self.accept()
        await self.tell()

    async def receive(self, text_data=None, bytes_data=None):
        self.said += text_data.split()
        await self.tell()

    async def tell(self):
        longest = max(self.said, key=len, default="")
        await self.send(text_data=json.dumps({"words": len(self.said), "longest": longest}))
