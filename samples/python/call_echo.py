#!/usr/bin/python3
"""Calls the endpoint "echo" through the pool with a stock gRPC client (python3-grpcio).

No generated code, so that it runs without protoc: a message with one string field is a tag, a length and the text.
"""
import sys

import grpc


def encode(text):
    data = text.encode()
    assert len(data) < 128, "a longer text needs a longer length"
    return bytes([0x0A, len(data)]) + data


def decode(message):
    return message[2:].decode()


def main():
    target = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:8080"
    text = sys.argv[2] if len(sys.argv) > 2 else "hello, pool"
    # The endpoint is chosen by host name: DNS would do it in production, an authority does it here.
    with grpc.insecure_channel(target, options=[("grpc.default_authority", "echo.pool")]) as channel:
        call = channel.unary_unary("/echo.Echo/Unary", request_serializer=encode, response_deserializer=decode)
        print(call(text, timeout=5))


if __name__ == "__main__":
    main()
