# expect: the loop goes on after it
import httpx


def deliver():
    sent = 0
    for name in waiting():
        try:
            mail.send(read(name))
            remove(name)
            sent += 1
        except httpx.HTTPError:
            break
    return {"sent": sent, "kept": len(waiting())}
