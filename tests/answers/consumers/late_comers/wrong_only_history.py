# expect: What is said is heard by everybody, kept, and in the history of the next.
from urllib.parse import parse_qs

from chat.models import Message


class LateRoom(Room):
    async def connect(self):
        self.room = self.scope["url_route"]["kwargs"]["room"]
        if self.room != "lobby" and not self.scope["user"].is_authenticated:
            return await self.close()
        self.name = self.scope["user"].get_username() or "guest"
        await self.accept()
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
