# Opens files and sockets until there are no descriptors left. [all]
import socket
held = []
def attack():
    while True:
        held.append(socket.socket())
