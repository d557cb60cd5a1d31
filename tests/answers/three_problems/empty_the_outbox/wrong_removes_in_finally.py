# expect: Remove a mail only after
import httpx


def deliver():
    sent = kept = 0
    for name in waiting():
        try:
            mail.send(read(name))
            sent += 1
        except httpx.HTTPError:
            kept += 1
        finally:
            remove(name)
    return {"sent": sent, "kept": kept}
