import json

from asgiref.sync import async_to_sync
from channels.generic.websocket import WebsocketConsumer

from chat.rooms import group_of as name_for


def group_of(room):
    return name_for("many:" + room)


class Switchboard(WebsocketConsumer):
    def connect(self):
        self.rooms = set()
        self.accept()

    def receive(self, text_data=None, bytes_data=None):
        message = json.loads(text_data)
        layer = self.channel_layer
        if room := message.get("join"):
            async_to_sync(layer.group_add)(group_of(room), self.channel_name)
            self.rooms |= {room}
            self.send(json.dumps({"joined": room}))
        elif room := message.get("leave"):
            async_to_sync(layer.group_discard)(group_of(room), self.channel_name)
            self.rooms -= {room}
            self.send(json.dumps({"left": room}))
        elif message["room"] in self.rooms:
            event = {"type": "told", "message": message}
            async_to_sync(layer.group_send)(group_of(message["room"]), event)
        else:
            self.send(json.dumps({"error": "no"}))

    def told(self, event):
        self.send(json.dumps(event["message"]))
