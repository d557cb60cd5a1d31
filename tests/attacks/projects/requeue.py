# A task that puts itself back for ever, and fails each time it is tried again.
from huey.contrib.djhuey import task

@task(retries=10**9)
def again():
    again()
    raise OSError("once more")

def queue_up():
    again()
