# Takes memory without end. [all]
def attack():
    held = []
    while True:
        held.append(bytearray(10_000_000))
