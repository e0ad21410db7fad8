#!/usr/bin/python3
"""Forty callers at once of the endpoint "hello", through the pool, with Python's own HTTP client: call_hello.py [host:port]."""
import concurrent.futures
import sys
import urllib.request

CALLERS, CALLS = 40, 5


def call(target, caller):
    right = 0
    for at in range(CALLS):
        # The path behind the endpoint's name is what the upstream sees.
        path = f"/{caller}/{at}"
        with urllib.request.urlopen(f"http://{target}/e/hello{path}", timeout=10) as answer:
            right += answer.read().decode().strip().endswith(f"GET {path}")
    return right


def main():
    target = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:8080"
    with concurrent.futures.ThreadPoolExecutor(CALLERS) as callers:
        right = sum(callers.map(lambda caller: call(target, caller), range(CALLERS)))
    print(f"{right} of {CALLERS * CALLS} answers were right")


if __name__ == "__main__":
    main()
