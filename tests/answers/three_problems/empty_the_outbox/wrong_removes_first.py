# expect: Remove a mail only after
import httpx


def deliver():
    sent = kept = 0
    for name in waiting():
        letter = read(name)
        remove(name)
        try:
            mail.send(letter)
            sent += 1
        except httpx.HTTPError:
            kept += 1
    return {"sent": sent, "kept": kept}
