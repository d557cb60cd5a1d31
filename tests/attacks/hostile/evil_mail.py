# Leaves mails that can't be read: a pipe, a folder, a giant, a bomb of headers.
import os, pathlib, django.conf
def attack():
    folder = pathlib.Path(django.conf.settings.EMAIL_FILE_PATH)
    os.mkfifo(folder / "a.log")
    (folder / "b.log").mkdir()
    (folder / "c.log").write_bytes(b"Subject: " + b"=?utf-8?q?" * 50_000)
    (folder / "d.log").write_bytes(b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n" * 50_000)
