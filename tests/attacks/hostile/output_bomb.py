# Prints without end. (earns 0)
while True:
    print("x" * 10_000)
