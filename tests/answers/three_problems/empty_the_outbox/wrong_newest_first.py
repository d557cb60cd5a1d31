# expect: in order
import httpx


def deliver():
    sent = kept = 0
    for name in reversed(waiting()):
        try:
            mail.send(read(name))
        except httpx.HTTPError:
            kept += 1
        else:
            remove(name)
            sent += 1
    return {"sent": sent, "kept": kept}
