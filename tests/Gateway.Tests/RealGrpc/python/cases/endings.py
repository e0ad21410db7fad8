"""Statuses, the server's and the pool's own."""
import calls
import wire

# From gRPC's own interoperability test: white space, BMP and beyond.
SPECIAL = "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n"


def status_unary(peer):
    return calls.seen(peer.unary("Unary", wire.order(status=2, details="test status message")))


def status_duplex(peer):
    call = peer.duplex("Converse", iter([wire.order(size=9), wire.order(status=2, details="test status message")]))
    return calls.seen(call, calls.replies_of(call))


def status_after_replies(peer):
    call = peer.server_stream("Produce", wire.order(sizes=[9, 31415], status=9, details="in the middle"))
    return calls.seen(call, calls.replies_of(call))


def special_status_message(peer):
    return calls.seen(peer.unary("Unary", wire.order(status=2, details=SPECIAL)))


def every_status(peer):
    """Each code that a server may end a call with."""
    ended = [peer.unary("Unary", wire.order(status=code, details=f"code {code} \u20ac")) for code in range(1, 17)]
    return {"codes": [call.code().value[0] for call in ended], "details": [call.details() for call in ended]}


def unimplemented_method(peer):
    return calls.seen(peer.unary("Nothing"))


def unimplemented_service(peer):
    return calls.seen(peer.channel.unary_unary("/interop.Nobody/Empty").future(b"", timeout=calls.PATIENCE))


def unimplemented_stream(peer):
    call = peer.duplex("Nothing", iter([b"one", b"two"]))
    return calls.seen(call, calls.replies_of(call))


CASES = (
    status_unary, status_duplex, status_after_replies, special_status_message, every_status, unimplemented_method, unimplemented_service,
    unimplemented_stream,
)
