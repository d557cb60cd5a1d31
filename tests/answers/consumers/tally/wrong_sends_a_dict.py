# expect: It speaks first: no words yet, and none the longest.
class Tally(AsyncWebsocketConsumer):
    async def connect(self):
        self.words, self.longest = 0, ""
        await self.accept()
        await self.send({"words": self.words, "longest": self.longest})

    async def receive(self, text_data=None, bytes_data=None):
        self.words += len(text_data.split())
        self.longest = max([self.longest, *text_data.split()], key=len)
        await self.send({"words": self.words, "longest": self.longest})
