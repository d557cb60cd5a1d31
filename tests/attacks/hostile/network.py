# Tries to reach the network: the machine's own services, the outside, names.
import socket
def attack():
    for address in (("127.0.0.1", int("@PORT@")), ("1.1.1.1", 53), ("169.254.169.254", 80), ("10.0.0.1", 22)):
        try:
            socket.create_connection(address, timeout=0.2)
            print("LOOT", address)
        except OSError:
            pass
    try: print("LOOT", socket.getaddrinfo("example.org", 80))
    except OSError: pass
