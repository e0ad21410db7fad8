"""The server's methods."""
import json
import threading

import grpc

import watch
import wire

CODES = {code.value[0]: code for code in grpc.StatusCode}
GATHERED = 1000

_gathering = threading.Barrier(GATHERED)


def answers(handler):
    """What all methods with one reply do: echo the metadata that gRPC's interoperability tests name, and follow the call."""

    def wrapped(request, context):
        with watch.Watch(context) as call:
            echo_metadata(context)
            reply = handler(request, context, call)
            call.stay()
            return reply

    return wrapped


def streams(handler):
    """The same for those with a stream of replies."""

    def wrapped(request, context):
        with watch.Watch(context) as call:
            echo_metadata(context)
            yield from handler(request, context, call)
            call.stay()

    return wrapped


def echo_metadata(context):
    metadata = context.invocation_metadata()
    mirrored = [(key, value) for key, value in metadata if key.startswith("mirror-")]
    initial = [(key, value) for key, value in metadata if key == "x-grpc-test-echo-initial"]
    trailing = [(key, value) for key, value in metadata if key == "x-grpc-test-echo-trailing-bin"]
    if initial or mirrored:
        context.send_initial_metadata(initial + mirrored)
    if trailing or mirrored:
        context.set_trailing_metadata(trailing + mirrored)


def repeat_metadata(context):
    """Repeated keys of the server's own."""
    repeated = (("twice", "first"), ("other", "between"), ("twice", "second"), ("twice-bin", b"\x01\x02"), ("twice-bin", b"\x03"))
    context.send_initial_metadata(repeated)
    context.set_trailing_metadata(repeated)


def end(wishes, context):
    """Ends the call with the wished status, if one was wished for."""
    if "status" in wishes:
        context.abort(CODES[wishes["status"]], wishes.get("details", ""))


@answers
def empty(_request, _context, _call):
    return b""


@answers
def unary(request, context, _call):
    wishes = wire.read_order(request)
    end(wishes, context)
    if wishes.get("repeat"):
        repeat_metadata(context)
    if wishes.get("gzip"):
        context.set_compression(grpc.Compression.Gzip)
    return wire.filler(wishes.get("size", 0))


@answers
def echo(request, _context, _call):
    return request


def arrived(request, context):
    """What arrived, apart from the message itself."""
    return json.dumps({
        "request_size": len(request),
        "metadata": wire.plain(context.invocation_metadata()),
        "remaining_ms": watch.remaining_ms(context),
    }).encode()


@answers
def report(request, context, _call):
    return arrived(request, context)


@answers
def gather(request, context, _call):
    """Answers when as many calls are here, at the same moment, as it waits for: with its connection, and the request."""
    _gathering.wait(timeout=context.time_remaining())
    return context.peer().encode() + b" " + request


@answers
def hold(request, context, call):
    """Answers when the named gate opens: by a call to Release, or because the call that it names began."""
    call.pass_gate(request.decode())
    return arrived(request, context)


@answers
def release(request, _context, _call):
    watch.open_gate(request.decode())
    return b""


@answers
def progress(request, _context, _call):
    return str(watch.counts[request.decode()]).encode()


@answers
def collect(requests, context, call):
    """The total size of what came. A call that names a gate takes one message, and the others when the gate opens."""
    gate = dict(context.invocation_metadata()).get("gate")
    total = 0
    for request in requests:
        total += len(request)
        watch.counts[call.call] += 1
        if gate and watch.counts[call.call] == 1:
            call.pass_gate(gate)
    return str(total).encode()


@streams
def produce(request, context, call):
    """Replies of the wished sizes, with the head sent at once, and the first of them when the wished gate opens."""
    wishes = wire.read_order(request)
    if "gate" in wishes:
        context.send_initial_metadata((("head", "sent"),))
        call.pass_gate(wishes["gate"])
    if "gzip" in wishes:
        context.set_compression(grpc.Compression.Gzip)
    for at, size in enumerate(wishes["sizes"] * wishes.get("times", 1)):
        watch.counts[call.call] += 1
        if at in wishes.get("plain", ()):
            context.disable_next_message_compression()
        yield wire.filler(size)
    end(wishes, context)


@streams
def converse(requests, context, _call):
    """One reply to each message, before the next is read."""
    for request in requests:
        wishes = wire.read_order(request)
        end(wishes, context)
        yield wire.filler(wishes.get("size", 0))


def looked(request):
    """How a message came over the wire, in a reply that compresses well."""
    return json.dumps({"size": len(request), "gzip": wire.is_gzip(request)}).encode().ljust(4096)


@answers
def look(request, context, _call):
    context.set_compression(grpc.Compression.Gzip)
    return looked(request)


@streams
def look_each(requests, context, _call):
    """Replies are compressed but for every second one."""
    context.set_compression(grpc.Compression.Gzip)
    for at, request in enumerate(requests):
        if at % 2 == 1:
            context.disable_next_message_compression()
        yield looked(request)
