# expect: These are new notes
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
            put(letter)
            kept += 1
    return {"sent": sent, "kept": kept}
