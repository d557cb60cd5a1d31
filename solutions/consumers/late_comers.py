from urllib.parse import parse_qs

from chat.models import Message


class LateRoom(Room):
    """A room that tells late comers what was said."""

    ### BEGIN SOLUTION
    ### STARTER: async def connect(self):
    ### STARTER:     await super().connect()
    async def connect(self):
        await super().connect()
        newest = Message.objects.filter(room=self.room).order_by("-pk")[: self.wanted()]
        said = [{"name": message.name, "text": message.text} async for message in newest]
        await self.tell({"history": said[::-1]})

    def wanted(self):
        """How many messages the reader asks for."""
        query = parse_qs(self.scope["query_string"].decode())
        try:
            last = int(query["last"][0])
        except (KeyError, ValueError):
            return 5
        return last if 0 <= last <= 50 else 5

    ### END SOLUTION
