import json


class NoTip(Exception):
    """Not a tip; its text says why."""


def check(message):
    try:
        tip = json.loads(message)
    except ValueError as error:
        raise NoTip(f"no JSON: {error}") from None
    if not isinstance(tip, dict):
        raise NoTip("no object")
    if not isinstance(tip.get("text"), str) or not tip["text"].strip():
        raise NoTip("no text")


class Tips(AsyncWebsocketConsumer):
    def __init__(self):
        super().__init__()
        self.tips, self.errors = [], []

    async def receive(self, text_data=None, bytes_data=None):
        if len(text_data) > 2000:
            await self.close(code=1009)
            return
        try:
            check(text_data)
        except NoTip as error:
            self.errors.append(str(error))
            if len(self.errors) == 3:
                await self.close(code=1008)
            else:
                await self.send(json.dumps({"error": self.errors[-1]}))
        else:
            self.tips.append(text_data)
            await self.send(json.dumps({"tip": len(self.tips)}))
