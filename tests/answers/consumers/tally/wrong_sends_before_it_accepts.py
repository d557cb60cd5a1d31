# expect: It sends before it accepts
import json


class Tally(AsyncWebsocketConsumer):
    async def connect(self):
        self.words, self.longest = 0, ""
        await self.tell()
        await self.accept()

    async def receive(self, text_data=None, bytes_data=None):
        self.words += len(text_data.split())
        self.longest = max([self.longest, *text_data.split()], key=len)
        await self.tell()

    async def tell(self):
        await self.send(text_data=json.dumps({"words": self.words, "longest": self.longest}))
