"""What to look at next, for the exceptions that async Django is known for."""

import re

# The first pattern that is found in "Type: message" gives the nudge.
_NUDGES = (
    (r"SynchronousOnlyOperation", "Use the a-method (aget, acreate, ...) and await it, "
     "iterate with `async for`, or wrap the call in sync_to_async. What a loop would ask for at "
     "each turn is fetched before: select_related, prefetch_related."),
    (r"'coroutine' object|got <coroutine|coroutine object is not|coroutine is not JSON",
     "Did you forget `await`?"),
    (r"await wasn't used with future|'(_GatheringFuture|Future|Task)' object|"
     r"(_GatheringFuture|Future|Task) is not JSON", "Did you forget `await`?"),
    (r"didn't return an HttpResponse object.*coroutine", "Did you forget `await`?"),
    (r"object \w+ can't be used in 'await' expression",
     "Only what is async can be awaited: is there an `await` too many?"),
    (r"You cannot use AsyncToSync in the same thread as an async event loop",
     "Inside async code, `await` the function itself; async_to_sync is for sync code."),
    (r"Apps aren't loaded yet",
     "In asgi.py, call get_asgi_application() before importing anything that uses models."),
    (r"didn't return an HttpResponse object. It returned None", "Is a `return` missing?"),
    (r"StopIteration",
     "`next` found nothing more. Give it something to fall back on: `next(..., None)`."),
    (r"ASGI message 'websocket.accept'.* but got 'websocket.send'",
     "It sends before it accepts: first `await self.accept()`, then whatever is to be sent."),
    (r"^ValueError: No handler for message type",
     "An event came to a consumer that has no method for its type. Who else uses that group?"),
    (r"no such table", "Does the model have a migration that was applied?"),
    (r"asyncio.run\(\) cannot be called from a running event loop",
     "The loop runs already: `await` the coroutine."),
    (r"^EOFError: EOF when reading a line",
     "Nobody is there to answer input(): a web site gets what it needs with the request."),
    (r"^NotImplementedError", "Replace `raise NotImplementedError` with your code."),
    (r"^(ReadTimeout|ConnectTimeout|PoolTimeout)",
     "The service did not answer in time, and no limit of yours came first. Catch "
     "httpx.TimeoutException around the call. A deadline for `timeout_at` is a moment on the "
     "loop's own clock."),
    (r"^(Base)?ExceptionGroup",
     "A TaskGroup raises a group of all that failed. `except*` looks inside a group, a plain "
     "`except` does not."),
    (r"cannot appear in an except\* block",
     "Set a variable in the `except*` block, and return below it."),
    (r"Task got bad yield",
     "`gather` wants its coroutines one by one. A star hands them over so: gather(*[...])."),
    (r"'(str|int|dict|list|NoneType)' object is not callable",
     "What is called there is no function. `to_thread` and the like take a function and its "
     "arguments apart: to_thread(function, argument)."),
    (r"^MultiValueDictKeyError",
     "`request.GET[name]` insists on the name; `request.GET.get(name)` takes its absence."),
    (r"^HTTPStatusError",
     "A service may fail: catch httpx.HTTPStatusError, or look at the status."),
    (r"^(ConnectError|RemoteProtocolError|ReadError)",
     "The connection broke. Catch httpx.HTTPError around the call."),
    (r"^TemplateDoesNotExist",
     "Templates are found in the folder `templates` of an installed app."),
)  # fmt: skip

# Django itself trips over what a view returned; no line of the learner's is to be seen then.
_NO_RESPONSE = re.compile(
    r"AttributeError: '(\w+)' object has no attribute '(get|headers|status_code|has_header)'"
)
RETURNED = "A view returns a response, such as `JsonResponse(...)`. Did one return a plain {kind}?"


def nudge(error: str) -> str:
    """The nudge for an exception told as `Type: message`; empty when none is known."""
    return next((told for pattern, told in _NUDGES if re.search(pattern, error)), "")


def of_django(error: str) -> str:
    """The same, for an exception that was raised outside the learner's own code."""
    returned = _NO_RESPONSE.match(error)
    return RETURNED.format(kind=returned[1]) if returned else nudge(error)
