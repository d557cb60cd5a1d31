# expect: It counts all that the connection has sent, and keeps the longest.
import json


class Tally(AsyncWebsocketConsumer):
    async def connect(self):
        await self.accept()
        await self.tell([])

    async def receive(self, text_data=None, bytes_data=None):
        await self.tell(text_data.split())

    async def tell(self, words):
        longest = max(words, key=len, default="")
        await self.send(text_data=json.dumps({"words": len(words), "longest": longest}))
