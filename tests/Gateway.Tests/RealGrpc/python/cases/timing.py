"""Deadlines and cancellation."""
import json
import queue
import sys
import time

import calls
import wire

# Time that a call spends in the pool's queue: long enough to tell from the cost of a call.
QUEUEING = 0.5

# Time that a call has until its deadline: long enough to reach the server on a busy machine.
DEADLINE = 0.8


def deadline_of_1_ms(peer):
    return calls.seen(peer.unary("Hold", b"never", timeout=0.001, metadata=[("call-id", "deadline-1-ms")]))


def deadline_passes_upstream(peer):
    return calls.seen(peer.unary("Hold", b"never", timeout=DEADLINE, metadata=[("call-id", "deadline-upstream")]))


def deadline_passes_on_stream(peer):
    call = peer.duplex("Converse", never_ending([wire.order(size=9)]), timeout=DEADLINE, metadata=watched("deadline-stream"))
    return calls.seen(call, calls.replies_of(call))


def no_deadline(peer):
    """The client sets none: whatever the server sees, and whoever ends the call, is the pool's doing."""
    call = peer.unary("Hold", b"never", timeout=None, metadata=[("call-id", "no-deadline")])
    return calls.seen(call)


def deadline_less_queueing(peer):
    """Through an endpoint with one permit: the second call waits for the first, and the server is told the time that the wait has left."""
    spacious = peer.beside("interop")
    first = peer.unary("Hold", b"first", metadata=[("call-id", "first")])
    await_begin(spacious, "first")
    started = time.monotonic()
    second = peer.unary("Report", timeout=9.0)
    calls.pause(2 * QUEUEING)
    waited_ms = (time.monotonic() - started) * 1000
    spacious.unary("Release", b"first").result()
    reply = calls.reply_of(second)
    return calls.seen(second, [], waited_ms=waited_ms, first=first.code().name, server=json.loads(reply) if reply else None)


def queued_call(peer, ending):
    """Through an endpoint with one permit: a call ends while it waits for its turn, and disturbs neither the one that has it nor the next."""
    spacious = peer.beside("interop")
    first = peer.unary("Hold", ending.encode(), metadata=[("call-id", f"before-{ending}")])
    await_begin(spacious, f"before-{ending}")
    timeout = QUEUEING if ending == "deadline" else calls.PATIENCE
    queued = peer.unary("Empty", metadata=[("call-id", f"queued-{ending}")], timeout=timeout)
    print("queued", flush=True)
    sys.stdin.readline()
    if ending == "cancel":
        queued.cancel()
    queued_code = queued.code().name
    print("ended", flush=True)
    sys.stdin.readline()
    following = peer.unary("Empty")
    spacious.unary("Release", ending.encode()).result()
    return {"queued": queued_code, "first": first.code().name, "following": following.code().name}


def await_begin(peer, call):
    """Waits until the server has the call."""
    peer.unary("Hold", f"began {call}".encode()).result()


def watched(call):
    """Metadata for a call of which the server is to tell, and which it does not end by itself."""
    return [("call-id", call), ("stays", "")]


def cancel_at_once(peer):
    """Before a byte of a message is sent."""
    call = peer.client_stream("Collect", never_ending([]), metadata=watched("cancel-at-once"))
    call.cancel()
    return {"status": call.code().name}


def cancel_after_begin(peer):
    """The server has the call, and no message."""
    call = peer.client_stream("Collect", never_ending([]), metadata=watched("cancel-after-begin"))
    await_begin(peer, "cancel-after-begin")
    call.cancel()
    return {"status": call.code().name}


def cancel_after_first_response(peer):
    call = peer.duplex("Converse", never_ending([wire.order(27182, size=31415)]), metadata=watched("cancel-after-first-response"))
    replies = calls.first_of(call)
    call.cancel()
    return calls.seen(call, replies)


def cancel_unary(peer):
    call = peer.unary("Hold", b"never", metadata=watched("cancel-unary"))
    await_begin(peer, "cancel-unary")
    call.cancel()
    return {"status": call.code().name}


def cancel_server_stream(peer):
    """While the server is held back by a client that does not read."""
    call = peer.server_stream("Produce", wire.order(sizes=[65536], times=1000), metadata=[("call-id", "cancel-server-stream")])
    replies = calls.first_of(call)
    call.cancel()
    return calls.seen(call, replies)


def cancel_many(peer, count):
    """Calls cancelled by the hundred, beside one that is not."""
    spared = peer.unary("Hold", b"spared", metadata=[("call-id", "spared")])
    cancelled = [peer.unary("Hold", b"never", metadata=[("call-id", "one-of-many")]) for _ in range(int(count))]
    while int(peer.unary("Progress", b"began one-of-many").result()) < int(count):
        calls.pause(calls.LOOK_EVERY)
    for call in cancelled:
        call.cancel()
    codes = calls.tally(cancelled)["codes"]
    peer.unary("Release", b"spared").result()
    return calls.tally([spared]) | {"good": codes.get("CANCELLED", 0)}


def never_ending(requests):
    """Requests after which the client neither sends more nor says that it is done."""
    yield from requests
    queue.SimpleQueue().get()


CASES = (
    deadline_of_1_ms, deadline_passes_upstream, deadline_passes_on_stream, no_deadline, deadline_less_queueing, queued_call, cancel_at_once,
    cancel_after_begin, cancel_after_first_response, cancel_unary, cancel_server_stream, cancel_many,
)
