import httpx


def deliver():
    before = len(waiting())
    for path in sorted(FOLDER.glob("*.json")):
        letter = json.loads(path.read_text())
        try:
            mail.send(letter)
        except (httpx.HTTPStatusError, httpx.RequestError):
            continue
        path.unlink()
    kept = len(waiting())
    return dict(sent=before - kept, kept=kept)
