"""Streams of requests, of replies, and of both."""
import queue
from concurrent import futures

import calls
import wire

# The sizes of gRPC's own interoperability tests.
REQUESTS = (27182, 8, 1828, 45904)
REPLIES = (31415, 9, 2653, 58979)
PIECE = 64 * 1024
PIECES = 1000
BURST = 200


def client_streaming(peer):
    call = peer.client_stream("Collect", (wire.filler(size) for size in REQUESTS))
    return calls.seen(call, total=int(calls.reply_of(call) or 0))


def server_streaming(peer):
    call = peer.server_stream("Produce", wire.order(sizes=REPLIES))
    return calls.seen(call, calls.replies_of(call))


def take_turns(peer):
    """Each reply is read before the next request is written."""
    requests = queue.SimpleQueue()
    call = peer.duplex("Converse", iter(requests.get, None))
    replies = []
    for request, reply in zip(REQUESTS, REPLIES):
        requests.put(wire.order(request, size=reply))
        replies += calls.first_of(call)
    requests.put(None)
    return call, replies + calls.replies_of(call)


def ping_pong(peer):
    return calls.seen(*take_turns(peer))


def empty_stream(peer):
    call = peer.duplex("Converse", iter(()))
    return calls.seen(call, calls.replies_of(call))


def burst(peer):
    """Requests and replies flow at the same time, neither waiting for the other."""
    call = peer.duplex("Converse", (wire.order(PIECE, size=PIECE) for _ in range(BURST)))
    replies = calls.replies_of(call)
    return calls.seen(call, replies) | {"replies": [len(replies)]}


def head_before_message(peer):
    """The server sends its head and pauses: the client has the head while it knows that there is no message yet."""
    name = calls.unique("head")
    call = peer.server_stream("Produce", wire.order(sizes=REPLIES, gate=name), metadata=[("call-id", name)])
    head = wire.plain(call.initial_metadata())
    messages_before = sent_so_far(peer, name)
    peer.unary("Release", name.encode()).result()
    return calls.seen(call, calls.replies_of(call), head=head, messages_before=messages_before)


def slow_reader(peer):
    """Reads one message and pauses, until the server is held back; then the rest."""
    name = calls.unique("slow-reader")
    bare = peer.bare()
    call = bare.server_stream("Produce", wire.order(sizes=[PIECE], times=PIECES), metadata=[("call-id", name)])
    replies = calls.first_of(call)
    held_at = calls.settled(lambda: sent_so_far(peer, name))
    replies += calls.replies_of(call)
    return calls.seen(call, replies, held_at=held_at) | {"replies": [len(replies)]}


def slow_taker(peer):
    """Sends more than the server takes: it takes one message and pauses until the client is held back; then the rest."""
    name, sent = calls.unique("slow-taker"), []
    piece = wire.filler(PIECE)

    def requests():
        for at in range(PIECES):
            sent.append(at)
            yield piece

    bare = peer.bare()
    call = bare.client_stream("Collect", requests(), metadata=[("call-id", name), ("gate", name)])
    peer.unary("Hold", f"began {name}".encode()).result()
    held_at = calls.settled(lambda: len(sent))
    peer.unary("Release", name.encode()).result()
    return calls.seen(call, held_at=held_at, total=int(calls.reply_of(call) or 0))


def sent_so_far(peer, call):
    return int(calls.reply_of(peer.unary("Progress", call.encode())) or 0)


def many_streams(peer, count):
    """Duplex streams side by side, each with turns of its own."""
    with futures.ThreadPoolExecutor(int(count)) as workers:
        ended = list(workers.map(lambda _: take_turns(peer), range(int(count))))
    expected = [wire.filler(size) for size in REPLIES]
    return calls.tally([call for call, _ in ended]) | {"good": sum(replies == expected for _, replies in ended)}


CASES = (client_streaming, server_streaming, ping_pong, empty_stream, burst, head_before_message, slow_reader, slow_taker, many_streams)
