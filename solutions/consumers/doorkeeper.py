import json


class Tips(AsyncWebsocketConsumer):
    """Takes tips from readers, and no nonsense."""

    ### BEGIN SOLUTION
    ### STARTER: async def connect(self):
    ### STARTER:     await self.accept()
    async def connect(self):
        self.good = self.bad = 0
        await self.accept()

    async def receive(self, text_data=None, bytes_data=None):
        if len(text_data) > 2000:
            await self.close(code=1009)
        elif self.is_tip(text_data):
            self.good += 1
            await self.tell({"tip": self.good})
        else:
            await self.refuse()

    def is_tip(self, message):
        try:
            tip = json.loads(message)
        except (ValueError, RecursionError):
            return False
        text = tip.get("text") if isinstance(tip, dict) else None
        return isinstance(text, str) and text.strip() != ""

    async def refuse(self):
        self.bad += 1
        if self.bad == 3:
            await self.close(code=1008)
        else:
            await self.tell({"error": 'A tip looks like this: {"text": "..."}'})

    async def tell(self, data):
        await self.send(text_data=json.dumps(data))

    ### END SOLUTION
