"""What client and server agree on: method names, and messages that need no generated code."""
import json

SERVICE = "interop.Test"

# Raised on both sides, so that a test of large metadata meets the pool's bounds and not those of its peers (8 KiB by default).
MAX_METADATA = ("grpc.max_metadata_size", 32 * 1024)

# Two options that lay the wire bare. Messages are handed over as they came: the only way in which these bindings show whether one was compressed.
# And windows stay at 64 KiB, where they would else grow to what the line is guessed to carry: what is still on its way is then the pool's doing.
BARE = (("grpc.per_message_decompression", 0), ("grpc.http2.bdp_probe", 0))


def path(method):
    return f"/{SERVICE}/{method}"


def order(length=0, **wishes):
    """A request: what the server is to do, in JSON, which allows for spaces up to any length."""
    return json.dumps(wishes).encode().ljust(length)


def read_order(message):
    return json.loads(message) if message else {}


def filler(size):
    """Bytes in which a lost, doubled or moved piece shows."""
    return b"".join(at.to_bytes(4, "big") for at in range(size // 4 + 1))[:size]


def plain(metadata):
    """Metadata for JSON: in order, repeated keys kept apart, binary values in hex."""
    return [[key, value.hex() if isinstance(value, bytes) else value] for key, value in metadata or ()]


def is_gzip(message):
    return message[:2] == b"\x1f\x8b"
