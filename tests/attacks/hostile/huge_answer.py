# Answers with far more than anybody can keep. [all]
from django.http import StreamingHttpResponse
async def double(request):
    async def endless():
        while True: yield b"9" * 1_000_000
    return StreamingHttpResponse(endless(), content_type="application/json")
