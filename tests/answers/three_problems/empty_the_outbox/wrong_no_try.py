# expect: HTTP
def deliver():
    sent = 0
    for name in waiting():
        mail.send(read(name))
        remove(name)
        sent += 1
    return {"sent": sent, "kept": 0}
