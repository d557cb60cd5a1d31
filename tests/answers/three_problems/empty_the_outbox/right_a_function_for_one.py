def was_taken(letter):
    try:
        mail.send(letter)
        return True
    except Exception:
        return False


def deliver():
    names = waiting()
    taken = [name for name in names if was_taken(read(name))]
    for name in taken:
        remove(name)
    return {"sent": len(taken), "kept": len(names) - len(taken)}
