"""A stock gRPC server with the health service: python3 health.py. Prints "listening <port>" when it is ready.

Lines on its standard input, "serving" and "not_serving", set what it says from then on; it answers each with "now <line>". Ends with its input.
"""
import sys
from concurrent import futures

import grpc

# grpc.health.v1.HealthCheckResponse: field 1, a number.
STATES = {"serving": b"\x08\x01", "not_serving": b"\x08\x02"}

state = "serving"


def check(request, context):
    return STATES[state]


def main():
    global state
    server = grpc.server(futures.ThreadPoolExecutor(8))
    handler = grpc.unary_unary_rpc_method_handler(check)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("grpc.health.v1.Health", {"Check": handler}),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print("listening", port, flush=True)
    for line in sys.stdin:
        state = line.strip()
        print("now", state, flush=True)
    server.stop(0)


main()
