"""Virtual time by itself."""

import asyncio
import threading

import pytest

from workbook_site.judge.clock import Clock


async def turns():
    """Let the loop see its timers, and run what was due."""
    for _ in range(2):
        await asyncio.sleep(0)


def test_timers_wait_for_the_clock():
    clock = Clock()

    async def main():
        fired = []
        asyncio.get_running_loop().call_later(5, fired.append, "late")
        asyncio.get_running_loop().call_later(2, fired.append, "early")
        assert clock.next() == 2
        clock.advance(2)
        await turns()
        assert (fired, clock.next()) == (["early"], 3)
        clock.advance(10)
        await turns()
        assert (fired, clock.next(), clock.now) == (["early", "late"], None, 12)

    loop = clock.new_loop()
    try:
        loop.run_until_complete(main())
    finally:
        loop.close()


def test_a_cancelled_timer_is_nothing_to_wait_for():
    clock = Clock()
    loop = clock.new_loop()
    loop.call_later(3, print).cancel()
    assert clock.next() is None
    loop.close()


def test_sleep_in_the_loops_own_thread_blocks_it_and_moves_time():
    clock = Clock()

    async def main():
        clock.sleep(7)

    loop = clock.new_loop()
    loop.run_until_complete(main())
    loop.close()
    assert (clock.now, clock.blocked) == (7, 7)


def test_sleep_in_another_thread_waits_for_the_clock():
    clock, woken = Clock(), []
    thread = threading.Thread(target=lambda: (clock.sleep(3), woken.append(clock.now)))
    thread.start()
    while not clock.sleeping:
        pass
    assert clock.next() == 3
    clock.advance(1)
    assert (woken, clock.sleeping) == ([], 1)
    clock.advance(2)
    thread.join()
    assert (woken, clock.blocked, clock.next()) == ([3], 0, None)


def test_a_sleep_that_goes_back_is_refused():
    with pytest.raises(ValueError, match="non-negative"):
        Clock().sleep(-1)
    Clock().sleep(0)


def test_a_loop_that_waits_for_nothing_else_sees_time_pass():
    clock = Clock()
    loop = clock.new_loop()

    def advance():
        while clock.next() is None:
            pass
        clock.advance(4)

    async def main():
        other = threading.Thread(target=advance)
        other.start()
        await asyncio.sleep(4)
        other.join()
        return loop.time()

    assert loop.run_until_complete(main()) >= 4
    loop.close()
