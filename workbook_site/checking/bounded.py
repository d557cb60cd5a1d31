"""Bodies of answers, read no further than anybody would look."""

import codecs
import re
from collections.abc import AsyncIterator

import httpx

from workbook_site.checking.failure import Failure

# Bytes of one body, unpacked.
MOST = 16 * 1024 * 1024
TOO_LONG = f"{{request}} answered with more than {MOST // 1024 // 1024} MB."
_LINE_ENDS = re.compile(r"\r\n|\n|\r(?!$)")


async def chunks(response: httpx.Response, request: str) -> AsyncIterator[bytes]:
    """The body bit by bit. Raises `Failure` when it goes on and on."""
    size = 0
    async for chunk in response.aiter_bytes():
        size += len(chunk)
        if size > MOST:
            raise Failure(TOO_LONG.format(request=request))
        yield chunk


async def text(response: httpx.Response, request: str) -> str:
    """The whole body. Raises `Failure` when it is too long."""
    try:
        body = b"".join([chunk async for chunk in chunks(response, request)])
    finally:
        await response.aclose()
    return _decoder(response).decode(body, final=True)


async def lines(response: httpx.Response, request: str) -> AsyncIterator[str]:
    """The body line by line, without the ends of the lines."""
    decoder, rest = _decoder(response), ""
    async for chunk in chunks(response, request):
        *whole, rest = _LINE_ENDS.split(rest + decoder.decode(chunk))
        for line in whole:
            yield line
    if rest:
        yield rest.removesuffix("\r")


def _decoder(response: httpx.Response) -> codecs.IncrementalDecoder:
    named = response.charset_encoding or "utf-8"
    try:
        return codecs.getincrementaldecoder(named)("replace")
    except LookupError:
        return codecs.getincrementaldecoder("utf-8")("replace")
