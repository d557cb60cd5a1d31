# Tries to replace asyncio under the harness: loops, futures and time itself. [all]
import asyncio, time
asyncio.sleep = lambda *a: asyncio.futures.Future()
asyncio.wait_for = asyncio.gather = asyncio.timeout = None
asyncio.get_running_loop = lambda: None
time.monotonic = time.time = lambda: 0.0
