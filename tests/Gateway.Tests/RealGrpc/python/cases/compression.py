"""Messages compressed by one side and looked at, as they came, by the other."""
import gzip
import json

import grpc

import calls
import wire

PLAIN_SIZE = 271828


def compressed_round_trip(peer):
    """As an application sees it: compressed both ways on the wire, and nothing of it in the messages."""
    request = wire.order(PLAIN_SIZE, size=314159, gzip=True)
    return calls.seen(peer.unary("Unary", request, compression=grpc.Compression.Gzip))


def compressed_stream_round_trip(peer):
    call = peer.server_stream("Produce", wire.order(sizes=[31415, 9, 58979], gzip=True, plain=[2]))
    return calls.seen(call, calls.replies_of(call))


def compressed_unary(peer):
    """As it is on the wire."""
    call = peer.bare().unary("Look", wire.order(PLAIN_SIZE), compression=grpc.Compression.Gzip)
    return looked_at(call, [calls.reply_of(call)])


def compressed_streaming(peer):
    call = peer.bare().duplex("LookEach", iter([wire.order(PLAIN_SIZE)] * 4), compression=grpc.Compression.Gzip)
    return looked_at(call, calls.replies_of(call))


def plain_unary(peer):
    """Nobody compresses what its sender did not."""
    call = peer.bare().unary("Look", wire.order(PLAIN_SIZE))
    return looked_at(call, [calls.reply_of(call)])


def looked_at(call, replies):
    """For each reply whether it came compressed, and what the server says of the request."""
    replies = [reply for reply in replies if reply is not None]
    reports = [json.loads(gzip.decompress(reply) if wire.is_gzip(reply) else reply) for reply in replies]
    return {
        "status": call.code().name,
        "details": call.details() or "",
        "replies_gzip": [wire.is_gzip(reply) for reply in replies],
        "requests_gzip": [report["gzip"] for report in reports],
        "request_sizes": [report["size"] for report in reports],
    }


CASES = (compressed_round_trip, compressed_stream_round_trip, compressed_unary, compressed_streaming, plain_unary)
