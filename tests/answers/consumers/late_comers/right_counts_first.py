from urllib.parse import parse_qsl

from chat.models import Message


class LateRoom(Room):
    async def connect(self):
        await super().connect()
        room = Message.objects.filter(room=self.scope["url_route"]["kwargs"]["room"])
        start = max(0, await room.acount() - self.last())
        history = []
        async for name, text in room.order_by("pk").values_list("name", "text")[start:]:
            history.append({"name": name, "text": text})
        await self.tell({"history": history})

    def last(self):
        query = dict(parse_qsl(self.scope["query_string"].decode()))
        try:
            wanted = int(query.get("last", 5))
        except ValueError:
            return 5
        if wanted < 0 or wanted > 50:
            return 5
        return wanted
