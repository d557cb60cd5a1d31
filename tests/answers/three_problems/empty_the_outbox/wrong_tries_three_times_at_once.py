# expect: Not every mail was tried once
import httpx


def deliver():
    sent = kept = 0
    for name in waiting():
        for attempt in range(3):
            try:
                mail.send(read(name))
            except httpx.HTTPError:
                continue
            remove(name)
            sent += 1
            break
        else:
            kept += 1
    return {"sent": sent, "kept": kept}
