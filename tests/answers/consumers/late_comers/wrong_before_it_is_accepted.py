# expect: It sends before it accepts
from urllib.parse import parse_qs

from chat.models import Message


class LateRoom(Room):
    async def connect(self):
        self.room = self.scope["url_route"]["kwargs"]["room"]
        query = parse_qs(self.scope["query_string"].decode())
        try:
            last = int(query["last"][0])
        except (KeyError, ValueError):
            last = 5
        if last not in range(51):
            last = 5
        newest = Message.objects.filter(room=self.room).order_by("-pk")[:last]
        said = [{"name": each.name, "text": each.text} async for each in newest]
        said.reverse()
        await self.tell({"history": said})
        await super().connect()
