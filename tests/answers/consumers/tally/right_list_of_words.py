import json


class Tally(AsyncWebsocketConsumer):
    async def connect(self):
        self.said = []
        await self.accept()
        await self.report()

    async def receive(self, text_data=None, bytes_data=None):
        self.said.extend(text_data.split())
        await self.report()

    async def report(self):
        longest = max(self.said, key=len, default="")
        await self.send(json.dumps({"words": len(self.said), "longest": longest}))
