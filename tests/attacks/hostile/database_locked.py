# Holds its database locked, so that whoever puts it back waits. [all]
import sqlite3, django.conf
held = []
def attack():
    held.append(sqlite3.connect(django.conf.settings.DATABASES["default"]["NAME"], isolation_level=None, check_same_thread=False))
    held[-1].execute("BEGIN EXCLUSIVE")
