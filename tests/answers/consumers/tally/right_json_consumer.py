from channels.generic.websocket import AsyncJsonWebsocketConsumer


class Tally(AsyncJsonWebsocketConsumer):
    async def connect(self):
        await self.accept()
        self.answer = {"words": 0, "longest": ""}
        await self.send_json(self.answer)

    async def receive(self, text_data=None, bytes_data=None, **kwargs):
        for word in text_data.split():
            self.answer["words"] += 1
            if len(word) > len(self.answer["longest"]):
                self.answer["longest"] = word
        await self.send_json(self.answer)
