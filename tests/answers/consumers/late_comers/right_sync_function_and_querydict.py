from asgiref.sync import sync_to_async
from django.http import QueryDict

from chat.models import Message


def last_of(room, count):
    rows = Message.objects.filter(room=room).order_by("-at", "-pk").values("name", "text")
    return list(reversed(rows[:count]))


class LateRoom(Room):
    async def connect(self):
        await super().connect()
        last = QueryDict(self.scope["query_string"]).get("last", "")
        count = int(last) if last.isdecimal() and len(last) < 3 and int(last) <= 50 else 5
        await self.tell({"history": await sync_to_async(last_of)(self.room, count)})
