# Loops for ever at import, and swallows whatever would interrupt it. (earns 0) [waits]
while True:
    try:
        while True: pass
    except BaseException: pass
