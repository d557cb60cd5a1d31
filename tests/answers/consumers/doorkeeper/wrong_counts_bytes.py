# expect: More than 2,000 characters close the connection with 1009; 2,000 don't.
import json


class Tips(AsyncWebsocketConsumer):
    async def connect(self):
        self.good = self.bad = 0
        await self.accept()

    async def receive(self, text_data=None, bytes_data=None):
        if len(text_data.encode()) > 2000:
            return await self.close(code=1009)
        try:
            text = json.loads(text_data)["text"]
            if not text.strip():
                raise ValueError
        except (ValueError, TypeError, KeyError, AttributeError):
            self.bad += 1
            if self.bad >= 3:
                return await self.close(code=1008)
            return await self.tell({"error": "no tip"})
        self.good += 1
        await self.tell({"tip": self.good})

    async def tell(self, data):
        await self.send(text_data=json.dumps(data))
