"""Headers and trailers."""
import json

import calls
import wire

INITIAL = ("x-grpc-test-echo-initial", "test_initial_metadata_value")
TRAILING = ("x-grpc-test-echo-trailing-bin", b"\xab\xab\xab")
ALL_BYTES = bytes(range(256))


def custom_metadata_unary(peer):
    return calls.seen(peer.unary("Unary", wire.order(271828, size=314159), metadata=[INITIAL, TRAILING]))


def custom_metadata_duplex(peer):
    call = peer.duplex("Converse", iter([wire.order(271828, size=314159)]), metadata=[INITIAL, TRAILING])
    return calls.seen(call, calls.replies_of(call))


def mirrored(peer, metadata, method="Report"):
    """Sends metadata that the server sends back as initial and as trailing metadata, and reports as it received it."""
    call = peer.unary(method, metadata=metadata)
    reply = calls.reply_of(call)
    return calls.seen(call, [], server=json.loads(reply) if reply else None)


def metadata_values(peer):
    """Values with an edge: every byte there is, lengths around the padding of base64, separators, nothing at all."""
    return mirrored(peer, [
        ("mirror-all-bin", ALL_BYTES),
        ("mirror-one-bin", b"\x00"),
        ("mirror-two-bin", b"\xff\xfe"),
        ("mirror-none-bin", b""),
        ("mirror-separators", 'a,b; c="d" e=%41 \\ {f}'),
        ("mirror-none", ""),
        ("authorization", "Bearer a.b-c_d=="),
    ])


def duplicate_keys(peer):
    return mirrored(peer, [("mirror-twice", "first"), ("mirror-other", "between"), ("mirror-twice", "second")])


def duplicate_binary_keys(peer):
    return mirrored(peer, [("mirror-twice-bin", b"\x01\x02"), ("mirror-twice-bin", b"\x03")])


def duplicate_keys_of_server(peer):
    return calls.seen(peer.unary("Unary", wire.order(repeat=True)))


def large_metadata(peer):
    return mirrored(peer, [("mirror-large", "m" * 8192)])


def too_large_metadata(peer):
    """More than the upstream takes, which is gRPC's default of 8 KiB where the method is Look."""
    return calls.seen(peer.unary("Look", metadata=[("large", "m" * 12 * 1024)]))


CASES = (
    custom_metadata_unary, custom_metadata_duplex, metadata_values, duplicate_keys, duplicate_binary_keys, duplicate_keys_of_server,
    large_metadata, too_large_metadata,
)
