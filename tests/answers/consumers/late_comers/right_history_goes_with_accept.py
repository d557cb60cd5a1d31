import re

from chat.models import Message


class LateRoom(Room):
    async def accept(self, *args, **kwargs):
        await super().accept(*args, **kwargs)
        asked = re.search(rb"(?:^|&)last=(\d{1,2})(?:&|$)", self.scope["query_string"])
        last = int(asked[1]) if asked else 5
        rows = Message.objects.filter(room=self.room).order_by("-id").values("name", "text")
        history = [row async for row in rows[: last if last <= 50 else 5]]
        await self.tell({"history": history[::-1]})
