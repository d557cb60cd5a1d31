import json


class Tally(AsyncWebsocketConsumer):
    """Counts the words of a connection, and remembers the longest."""

    ### BEGIN SOLUTION
    ### STARTER: async def connect(self):
    ### STARTER:     await self.accept()
    async def connect(self):
        self.words, self.longest = 0, ""
        await self.accept()
        await self.tell()

    async def receive(self, text_data=None, bytes_data=None):
        words = text_data.split()
        self.words += len(words)
        self.longest = max([self.longest, *words], key=len)
        await self.tell()

    async def tell(self):
        await self.send(text_data=json.dumps({"words": self.words, "longest": self.longest}))

    ### END SOLUTION
