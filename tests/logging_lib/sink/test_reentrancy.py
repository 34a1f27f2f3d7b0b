"""Who writes in the midst of a write: signal handlers, destructors, threads and greenlets."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from logging_lib.record import Identity
from logging_lib.sink.dated_file import DatedFile
from tests.logging_lib.sink.support import PRELUDE, run, written

TI_OSN = Identity("ti-osn", "test")
LINES = 300

# The timer's signal comes at any instruction of the main thread, which does nothing but write.
A_HANDLER_THAT_LOGS = (
    PRELUDE
    + """
handled = 0

def on_alarm(number, frame):
    global handled
    write("handler", handled)
    handled += 1
    signal.setitimer(signal.ITIMER_REAL, 0.0001)

signal.signal(signal.SIGALRM, on_alarm)
signal.setitimer(signal.ITIMER_REAL, 0.0001)
written = 0
while handled < 300:
    write("main", written)
    written += 1
signal.setitimer(signal.ITIMER_REAL, 0)
print(written, handled)
"""
)

# Every object that the collector may collect leaves two; collecting often, it strikes within writes.
A_DESTRUCTOR_THAT_LOGS = (
    PRELUDE
    + """
destroyed = 0

class Leaver:
    def __init__(self):
        self.itself = self

    def __del__(self):
        global destroyed
        write("destructor", destroyed)
        destroyed += 1

gc.set_threshold(1)
written = 0
while destroyed < 300:
    Leaver()
    write("main", written)
    written += 1
gc.set_threshold(0)
print(written, destroyed)
"""
)

GREENLETS = (
    """
from gevent import monkey
monkey.patch_all()
import gevent
"""
    + PRELUDE
    + """
def greenlet(who):
    for number in range(300):
        write(who, number)
        gevent.sleep(0)

def in_a_real_thread():
    for number in range(300):
        write("thread", number)

jobs = [gevent.spawn(greenlet, f"greenlet-{each}") for each in range(4)]
jobs.append(gevent.get_hub().threadpool.spawn(in_a_real_thread))
gevent.joinall(jobs)
print(300)
"""
)


def test_a_signal_handler_may_log_within_a_write(tmp_path: Path) -> None:
    """A handler that logs while the main thread writes neither waits for it nor loses a line of either."""
    main, handler = map(int, run(tmp_path, A_HANDLER_THAT_LOGS).split())
    assert written(tmp_path) == {"main": main, "handler": handler}


def test_a_destructor_may_log_within_a_write(tmp_path: Path) -> None:
    """An object that logs when the collector destroys it, in the midst of a write, neither waits nor loses a line."""
    main, destructor = map(int, run(tmp_path, A_DESTRUCTOR_THAT_LOGS).split())
    assert written(tmp_path) == {"main": main, "destructor": destructor}


def test_greenlets_and_threads_write_together(tmp_path: Path) -> None:
    """Under gevent's patches four greenlets and a thread of its pool write every line whole."""
    run(tmp_path, GREENLETS)
    writers = [*(f"greenlet-{each}" for each in range(4)), "thread"]
    assert written(tmp_path) == dict.fromkeys(writers, LINES)


def test_no_thread_writes_to_a_descriptor_that_another_closes(tmp_path: Path) -> None:
    """Threads write while another closes the file again and again: every line arrives, and none of them elsewhere."""
    file = DatedFile(tmp_path, TI_OSN)
    going = threading.Event()

    def close_again_and_again() -> None:
        while not going.is_set():
            file.close()
            os.close(os.dup(2))  # would take the number that has just been closed

    def write(who: str) -> None:
        for number in range(2000):
            file.write(b'{"writer":"%s","number":%d}\n' % (who.encode(), number))

    closer = threading.Thread(target=close_again_and_again)
    writers = [threading.Thread(target=write, args=(f"thread-{each}",)) for each in range(3)]
    for thread in (closer, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    going.set()
    closer.join()
    assert file.unreported == 0
    assert written(tmp_path) == {f"thread-{each}": 2000 for each in range(3)}
