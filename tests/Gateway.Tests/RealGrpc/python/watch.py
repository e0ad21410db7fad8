"""What the server tells of its calls, and how one call waits for another."""
import collections
import json
import sys
import threading

import grpc

_speaking = threading.Lock()
_turning = threading.Lock()
_open_gates = set()
_waiting = collections.defaultdict(list)

# By call: messages that a streaming handler has passed on or taken so far; and calls of that name that began, under "began <call>".
counts = collections.Counter()


def say_line(text):
    with _speaking:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def open_gate(name):
    """Whoever waits for the gate goes on, and so does whoever comes later."""
    with _turning:
        _open_gates.add(name)
        released = _waiting.pop(name, ())
    for turn in released:
        turn.set()


class Watch:
    """Follows a call to its end, and tells of it when the client gave it a call-id: it began, it was cancelled."""

    def __init__(self, context):
        metadata = dict(context.invocation_metadata())
        self.call = metadata.get("call-id")
        self._stays = "stays" in metadata
        self._context = context
        self._is_finished = False
        self._is_over = False
        self._turn = threading.Event()

    def __enter__(self):
        self._say("began", remaining_ms=remaining_ms(self._context))
        counts[f"began {self.call}"] += 1
        open_gate(f"began {self.call}")
        if not self._context.add_callback(self._on_over):
            self._on_over()
        return self

    def __exit__(self, kind, *_):
        # A handler that reads or writes may notice a cancellation before the callback is made; that is not the handler's own end.
        self._is_finished = kind is None or (issubclass(kind, Exception) and not issubclass(kind, grpc.RpcError))

    def stay(self):
        """To a handler that reads, a cancellation can look like the end of the requests: a call that is not to finish waits here for its true end."""
        if self._stays:
            self.pass_gate(None)

    def pass_gate(self, name):
        """Waits until the gate opens, or the call is over."""
        with _turning:
            if name in _open_gates or self._is_over:
                return
            _waiting[name].append(self._turn)
        self._turn.wait()

    def _on_over(self):
        if not self._is_finished:
            self._say("cancelled")
        with _turning:
            self._is_over = True
        self._turn.set()

    def _say(self, event, **more):
        if self.call is not None:
            say_line(json.dumps({"name": event, "call": self.call, **more}))


def remaining_ms(context):
    """Time that the call still has; None when it has no deadline."""
    left = context.time_remaining()

    # Without a deadline the bindings may report the distance to the end of time.
    return None if left is None or left > 1e9 else left * 1000
