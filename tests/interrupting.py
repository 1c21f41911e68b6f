"""Somebody who presses Ctrl-C while something is played."""

import os
import signal
import threading
import time
from contextlib import contextmanager


@contextmanager
def ctrl_c(after_seconds):
    """Press Ctrl-C some seconds later, and give a function that says for how long it was not heard.

    A thread other than the main one gets the signal, as the system is free to choose; so the main
    one is not woken by it, and hears it only if it looks up by itself. Half a minute later it is
    pressed for the main one, so that what is deaf fails, and does not go on for ever.
    """
    over, pressed_at = threading.Event(), [time.monotonic()]

    def press():
        if over.wait(after_seconds):
            return
        pressed_at[0] = time.monotonic()
        signal.pthread_kill(threading.get_ident(), signal.SIGINT)
        if not over.wait(30):
            os.kill(os.getpid(), signal.SIGINT)

    presser = threading.Thread(target=press, daemon=True)
    presser.start()
    try:
        yield lambda: time.monotonic() - pressed_at[0]
    finally:
        over.set()
        presser.join(60)
