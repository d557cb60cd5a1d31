# expect: Is a `return` missing?
import httpx


def deliver():
    for name in waiting():
        try:
            mail.send(read(name))
        except httpx.HTTPError:
            pass
        else:
            remove(name)
