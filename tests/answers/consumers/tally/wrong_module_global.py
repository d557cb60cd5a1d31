# expect: This connection was told about the words of another one.
import json

words, longest = 0, ""


class Tally(AsyncWebsocketConsumer):
    async def connect(self):
        global words, longest
        words, longest = 0, ""
        await self.accept()
        await self.tell()

    async def receive(self, text_data=None, bytes_data=None):
        global words, longest
        words += len(text_data.split())
        longest = max([longest, *text_data.split()], key=len)
        await self.tell()

    async def tell(self):
        await self.send(text_data=json.dumps({"words": words, "longest": longest}))
