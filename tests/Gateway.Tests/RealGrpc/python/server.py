"""A stock gRPC server: python3 server.py <port> <port where the wire is laid bare>. Port 0 takes any.

Prints "listening <port> <port>" when it is ready, then one line of JSON for each thing that happened to a call that has a call-id. Ends when its
standard input ends, or with SIGTERM, both after letting calls finish for a moment.
"""
import os
import signal
import sys
import threading
from concurrent import futures

import grpc

import handlers
import watch
import wire

# More than the calls that any test has waiting in the server at once; threads start as they are needed.
MAX_CALLS = 1200
GRACE = 2.0

METHODS = {
    "Empty": grpc.unary_unary_rpc_method_handler(handlers.empty),
    "Unary": grpc.unary_unary_rpc_method_handler(handlers.unary),
    "Echo": grpc.unary_unary_rpc_method_handler(handlers.echo),
    "Report": grpc.unary_unary_rpc_method_handler(handlers.report),
    "Gather": grpc.unary_unary_rpc_method_handler(handlers.gather),
    "Hold": grpc.unary_unary_rpc_method_handler(handlers.hold),
    "Release": grpc.unary_unary_rpc_method_handler(handlers.release),
    "Progress": grpc.unary_unary_rpc_method_handler(handlers.progress),
    "Collect": grpc.stream_unary_rpc_method_handler(handlers.collect),
    "Produce": grpc.unary_stream_rpc_method_handler(handlers.produce),
    "Converse": grpc.stream_stream_rpc_method_handler(handlers.converse),
}

BARE_METHODS = METHODS | {
    "Look": grpc.unary_unary_rpc_method_handler(handlers.look),
    "LookEach": grpc.stream_stream_rpc_method_handler(handlers.look_each),
}


def serve(port, methods, *options):
    # Without SO_REUSEPORT a port that is still taken is an error, not a second server behind it.
    server = grpc.server(futures.ThreadPoolExecutor(MAX_CALLS), options=(("grpc.so_reuseport", 0), *options))
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(wire.SERVICE, methods),))
    bound = server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    return server, bound


def await_end():
    ending = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ending.set())

    def read_to_end():
        sys.stdin.buffer.read()
        ending.set()

    threading.Thread(target=read_to_end, daemon=True).start()
    ending.wait()


def main():
    main_server, port = serve(sys.argv[1], METHODS, wire.MAX_METADATA)
    bare_server, bare_port = serve(sys.argv[2], BARE_METHODS, *wire.BARE)
    watch.say_line(f"listening {port} {bare_port}")
    await_end()
    for stopped in [server.stop(GRACE) for server in (main_server, bare_server)]:
        stopped.wait()

    # A handler that still waits must not keep the process.
    os._exit(0)


if __name__ == "__main__":
    main()
