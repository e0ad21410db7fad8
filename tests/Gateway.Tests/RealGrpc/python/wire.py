"""What client and server agree on: method names, and messages that need no generated code."""
import json

SERVICE = "interop.Test"

# Raised on both sides, so that a test of large metadata meets the pool's bounds and not those of its peers (8 KiB by default).
MAX_METADATA = ("grpc.max_metadata_size", 32 * 1024)

# Hands messages over as they came on the wire: the only way in which these bindings show whether a message was compressed.
AS_ON_THE_WIRE = ("grpc.per_message_decompression", 0)


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
