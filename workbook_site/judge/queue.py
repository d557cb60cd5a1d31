"""Runs huey tasks when the judge says so, as huey's worker would, at a time that the judge names.

There is no consumer: nothing runs by itself, so a check sees the queue as the view left it.
"""

import datetime
import sys
from typing import Any

from asgiref.sync import sync_to_async
from django.utils.module_loading import autodiscover_modules

from workbook_site.judge.agent import Trouble

NO_QUEUE = "Your project uses no huey queue yet: HUEY is missing from the settings, or unused."
# A task that puts itself back at once would go on for ever.
MOST = 200


async def run_tasks(now: str | None) -> list[dict[str, Any]]:
    """Run all tasks that are due at `now` (ISO format; None: due already); what came of each.

    With `now`, the periodic tasks of that minute are among them, as when huey's scheduler looks
    once. Each is a dict of name, args, kwargs, result, error (text or None) and retried.
    """
    moment = datetime.datetime.fromisoformat(now) if now else None
    return await sync_to_async(_run, thread_sensitive=False)(moment)


def _run(now: datetime.datetime | None) -> list[dict[str, Any]]:
    autodiscover_modules("tasks")  # as `run_huey` does
    huey = _huey()
    moment = _as_huey_counts(huey, now) if now else huey._get_timestamp()
    for task in huey.read_periodic(moment) if now else ():
        huey.enqueue(task)
    ran: list[dict[str, Any]] = []
    while len(ran) < MOST:
        for task in huey.read_schedule(moment):
            huey.enqueue(task)
        task = huey.dequeue()
        if task is None:
            return ran
        if not huey.ready_to_run(task, moment):
            huey.add_schedule(task)
            continue
        ran.append(_execute(huey, task, moment))
    return ran


def _as_huey_counts(huey: Any, now: datetime.datetime) -> datetime.datetime:
    """huey's times bear no zone: they are in UTC, or local where its settings say so."""
    return now.astimezone(datetime.UTC if huey.utc else None).replace(tzinfo=None)


def _execute(huey: Any, task: Any, moment: datetime.datetime) -> dict[str, Any]:
    """Run one task; huey itself stores results and puts back what is to be retried."""
    seen: dict[str, BaseException | None] = {}
    huey.post_execute("judge")(lambda task, value, error: seen.update(error=error))
    clock, huey._get_timestamp = huey._get_timestamp, lambda: moment
    left = task.retries
    try:
        value = huey.execute(task, moment)
    finally:
        huey._get_timestamp = clock
        huey.unregister_post_execute("judge")
    error = seen.get("error")
    return {
        "name": huey._registry.task_to_string(type(task)),
        "args": _shown(task.args),
        "kwargs": _shown(task.kwargs),
        "result": _shown(value),
        "error": None if error is None else f"{type(error).__name__}: {error}",
        "retried": error is not None and bool(left),
    }


def _huey() -> Any:
    module = sys.modules.get("huey.contrib.djhuey")
    if module is None:
        raise Trouble(NO_QUEUE)
    return module.HUEY


def _shown(value: Any) -> Any:
    """As JSON can carry it; what it can't is told by its `repr`."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_shown(each) for each in value]
    if isinstance(value, dict):
        return {str(name): _shown(each) for name, each in value.items()}
    return repr(value)
