# expect: still
import httpx


def deliver():
    sent = kept = 0
    for name in waiting():
        while True:
            try:
                mail.send(read(name))
                break
            except httpx.HTTPError:
                kept += 1
        remove(name)
        sent += 1
    return {"sent": sent, "kept": kept}
