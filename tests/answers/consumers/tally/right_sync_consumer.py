import json

from channels.generic.websocket import WebsocketConsumer


class Tally(WebsocketConsumer):
    words = 0
    longest = ""

    def connect(self):
        self.accept()
        self.tell()

    def receive(self, text_data=None, bytes_data=None):
        for word in text_data.split():
            self.words += 1
            if len(word) > len(self.longest):
                self.longest = word
        self.tell()

    def tell(self):
        self.send(text_data=json.dumps({"words": self.words, "longest": self.longest}))
