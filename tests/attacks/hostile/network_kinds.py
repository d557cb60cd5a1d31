# Tries other kinds of sockets: raw packets, netlink, virtual machines, abstract names.
import socket
def attack():
    for family, kind in ((socket.AF_PACKET, socket.SOCK_RAW), (socket.AF_INET, socket.SOCK_RAW)):
        try: print("LOOT", socket.socket(family, kind))
        except OSError: pass
    try:
        abstract = socket.socket(socket.AF_UNIX)
        abstract.connect("\0workbook-attack")
        print("LOOT abstract")
    except OSError: pass
