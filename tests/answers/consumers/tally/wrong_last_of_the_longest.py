# expect: Only a word that is *longer* takes the place of the longest.
import json


class Tally(AsyncWebsocketConsumer):
    async def connect(self):
        self.words, self.longest = 0, ""
        await self.accept()
        await self.tell()

    async def receive(self, text_data=None, bytes_data=None):
        for word in text_data.split():
            self.words += 1
            if len(word) >= len(self.longest):
                self.longest = word
        await self.tell()

    async def tell(self):
        await self.send(text_data=json.dumps({"words": self.words, "longest": self.longest}))
