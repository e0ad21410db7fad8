"""Calls without a pause, from many threads, while something happens to the upstream."""
import collections
import sys
import threading
import time

import wire

THREADS = 8
RECOVERED_AFTER = 200
PAUSE = 0.005
PATIENCE = 20.0


class Load:
    """Calls and counts, until told to stop."""

    def __init__(self, peer):
        self._peer = peer
        self._counting = threading.Condition()
        self._stopping = threading.Event()
        self.failures = collections.Counter()
        self.details = collections.Counter()
        self.successes = 0
        self.row = 0
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(THREADS)]
        for thread in self._threads:
            thread.start()

    def await_count(self, condition):
        """Waits until the counts are such; false when they do not become so."""
        with self._counting:
            return self._counting.wait_for(condition, timeout=PATIENCE)

    def stop(self):
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _run(self):
        # A pause between calls, so that failing ones do not take the processor from the server that is to come back.
        while not self._stopping.wait(PAUSE):
            self._count(self._peer.unary("Echo", wire.filler(1000)))

    def _count(self, call):
        code = call.code().name
        with self._counting:
            if code == "OK":
                self.successes += 1
                self.row += 1
            else:
                self.row = 0
                origin = "pool" if "orleanspool-error" in dict(call.trailing_metadata()) else "server"
                self.failures[f"{code} by {origin}"] += 1
                self.details[f"{code} by {origin}: {call.details()}"[:300]] += 1
            self._counting.notify_all()


def restart(peer):
    """Says "running" and "failing" when that is so, is told when the server is back, and ends when all calls succeed again."""
    load = Load(peer)
    load.await_count(lambda: load.successes >= RECOVERED_AFTER)
    print("running", flush=True)
    load.await_count(lambda: load.failures)
    print("failing", flush=True)
    sys.stdin.readline()
    back = time.monotonic()
    recovered = load.await_count(lambda: load.row >= RECOVERED_AFTER)
    recovery_ms = (time.monotonic() - back) * 1000
    load.stop()
    return {
        "codes": dict(load.failures),
        "details": [f"{count} x {text}" for text, count in load.details.most_common(20)],
        "recovered": recovered,
        "recovery_ms": recovery_ms,
    }


CASES = (restart,)
