"""One request, one reply."""
import calls
import wire

# The sizes of gRPC's own interoperability test.
LARGE_REQUEST, LARGE_REPLY = 271828, 314159
FOUR_MB = 4 * 1024 * 1024
MANY = 1000


def empty_unary(peer):
    return calls.seen(peer.unary("Empty"))


def large_unary(peer):
    return calls.seen(peer.unary("Unary", wire.order(LARGE_REQUEST, size=LARGE_REPLY)))


def large_reply(peer):
    return calls.seen(peer.unary("Unary", wire.order(size=LARGE_REPLY)))


def four_megabytes(peer):
    """The largest message that gRPC takes without being told to, both ways."""
    return calls.seen(peer.unary("Echo", wire.filler(FOUR_MB)))


def thousand_at_once(peer):
    """A thousand calls on one channel, none of which is answered before the last has arrived."""
    started = [peer.unary("Gather", str(at).encode()) for at in range(MANY)]
    replies = [(calls.reply_of(call) or b"- -").split(b" ") for call in started]
    return calls.tally(started) | {
        "good": sum(reply[1] == str(at).encode() for at, reply in enumerate(replies)),
        "upstream_connections": len({reply[0] for reply in replies}),
    }


def large_at_once(peer, count):
    """Large requests and replies side by side on one channel."""
    request = wire.order(LARGE_REQUEST, size=LARGE_REPLY)
    started = [peer.unary("Unary", request) for _ in range(int(count))]
    return calls.tally(started) | {"good": sum(calls.reply_of(call) == wire.filler(LARGE_REPLY) for call in started)}


def path_prefix(peer, prefix):
    """The endpoint named by the path instead of the authority."""
    method = peer.channel.unary_unary(prefix + wire.path("Unary"))
    return calls.seen(method.future(wire.order(size=9), timeout=calls.PATIENCE))


CASES = (empty_unary, large_unary, large_reply, four_megabytes, thousand_at_once, large_at_once, path_prefix)
