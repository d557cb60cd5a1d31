# expect: the try belongs inside the loop
import httpx


def deliver():
    sent = 0
    try:
        for name in waiting():
            mail.send(read(name))
            remove(name)
            sent += 1
    except httpx.HTTPError:
        pass
    return {"sent": sent, "kept": len(waiting())}
