# Loops for ever in async code, giving way each time. [waits]
import asyncio
async def double(request):
    while True:
        try: await asyncio.sleep(0)
        except BaseException: pass
