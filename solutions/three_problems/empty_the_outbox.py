import httpx


def deliver():
    ### BEGIN SOLUTION
    sent = kept = 0
    for name in waiting():
        try:
            mail.send(read(name))
        except httpx.HTTPError:
            kept += 1
        else:
            remove(name)
            sent += 1
    return {"sent": sent, "kept": kept}
    ### END SOLUTION
