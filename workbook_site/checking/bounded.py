"""Bodies of answers, read no further than anybody would look."""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

from workbook_site.checking.failure import Failure

if TYPE_CHECKING:
    import httpx

# Bytes of one body, unpacked.
MOST = 16 * 1024 * 1024
TOO_LONG = f"{{request}} answered with more than {MOST // 1024 // 1024} MB."
GARBLED = "{request} says that its body is packed ({encoding}), but it can't be unpacked: {error}."
# How `zlib` is told what it unpacks; bodies that are packed otherwise are taken as they are.
_PACKED = {"gzip": 31, "x-gzip": 31, "deflate": 15}
_LINE_ENDS = re.compile(r"\r\n|\n|\r(?!$)")


async def chunks(response: httpx.Response, request: str) -> AsyncIterator[bytes]:
    """The body bit by bit. Raises `Failure` when it goes on and on."""
    # Unpacked here and not by the client, which would unpack a whole piece before anybody can look.
    size, unpack = 0, _unpacker(response, request)
    async for packed in response.aiter_raw():
        chunk = unpack(packed, MOST + 1 - size)
        size += len(chunk)
        if size > MOST:
            raise Failure(TOO_LONG.format(request=request))
        yield chunk


def _unpacker(response: httpx.Response, request: str) -> Callable[[bytes, int], bytes]:
    """Unpacks the next piece, to so many bytes and no more. Raises `Failure`."""
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in _PACKED:
        return lambda packed, most: packed
    unpacking = zlib.decompressobj(_PACKED[encoding])

    def unpack(packed: bytes, most: int) -> bytes:
        try:
            return unpacking.decompress(packed, most)
        except zlib.error as error:
            told = GARBLED.format(request=request, encoding=encoding, error=error)
            raise Failure(told) from None

    return unpack


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
