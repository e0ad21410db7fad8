"""Making calls, and describing what came of them."""
import threading
import uuid

import grpc

import wire

# Longer than anything here takes; a call that hangs ends with DEADLINE_EXCEEDED, and the test says so.
PATIENCE = 15.0
LOOK_EVERY = 0.03
LOOKS_ALIKE = 10


class Peer:
    """One channel to the target, under the authority that names the endpoint."""

    def __init__(self, target, authority, *options):
        self._target, self._authority = target, authority

        # Failures are to be seen, not hidden by a retry of the client's own.
        fixed = (("grpc.default_authority", authority), ("grpc.enable_http_proxy", 0), ("grpc.enable_retries", 0), wire.MAX_METADATA)
        self.channel = grpc.insecure_channel(target, options=(*fixed, *options))

    def beside(self, authority):
        """The same target under another authority."""
        return Peer(self._target, authority)

    def bare(self):
        """The same target on a channel that lays the wire bare."""
        return Peer(self._target, self._authority, *wire.BARE)

    def unary(self, method, request=b"", **more):
        """Starts a call with one request and one reply."""
        return self.channel.unary_unary(wire.path(method)).future(request, **{"timeout": PATIENCE, **more})

    def client_stream(self, method, requests, **more):
        return self.channel.stream_unary(wire.path(method)).future(requests, **{"timeout": PATIENCE, **more})

    def server_stream(self, method, request=b"", **more):
        return self.channel.unary_stream(wire.path(method))(request, **{"timeout": PATIENCE, **more})

    def duplex(self, method, requests, **more):
        return self.channel.stream_stream(wire.path(method))(requests, **{"timeout": PATIENCE, **more})


def replies_of(call):
    """All replies of a stream, up to its end, whichever that is."""
    replies = []
    try:
        replies.extend(call)
    except grpc.RpcError:
        # What follows describes the end.
        pass
    return replies


def first_of(call):
    """The next reply of a stream in a list, which is empty when the call ended instead."""
    try:
        return [next(call)]
    except (StopIteration, grpc.RpcError):
        return []


def reply_of(call):
    """The reply of a unary call, or None; waits for the end."""
    return call.result() if call.code() is grpc.StatusCode.OK else None


def seen(call, replies=None, **more):
    """What the client saw of a call, when it is over; without replies the call is unary."""
    if replies is None:
        reply = reply_of(call)
        replies = [] if reply is None else [reply]
    return {
        "status": call.code().name,
        "details": call.details() or "",
        "replies": [len(reply) for reply in replies],
        "intact": all(reply == wire.filler(len(reply)) for reply in replies),
        "initial": wire.plain(call.initial_metadata()),
        "trailing": wire.plain(call.trailing_metadata()),
        **more,
    }


def tally(started):
    """How many calls ended how; waits for their end."""
    codes = [call.code().name for call in started]
    return {
        "codes": {code: codes.count(code) for code in sorted(set(codes))},
        "details": sorted({call.details() for call in started if call.details()}),
    }


def unique(name):
    """A name for a call or a gate that the server has not heard before."""
    return f"{name}-{uuid.uuid4().hex}"


def pause(seconds):
    threading.Event().wait(seconds)


def settled(read):
    """A growing number, once it has stopped growing."""
    last, alike = read(), 0
    while alike < LOOKS_ALIKE:
        pause(LOOK_EVERY)
        now = read()
        alike = alike + 1 if now == last else 0
        last = now
    return last
