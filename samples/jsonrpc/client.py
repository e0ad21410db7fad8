"""A hundred JSON-RPC callers, each with a connection of its own and ten calls: python3 client.py <port>."""
import asyncio
import json
import sys

CALLERS, CALLS = 100, 10


async def call(port, caller):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    expected = {}
    for at in range(CALLS):
        # Every caller uses the same ids.
        symbol = "X" * (1 + caller % 7 + at)
        expected[at] = len(symbol) * 1.25
        request = {"jsonrpc": "2.0", "method": "price", "params": {"symbol": symbol}, "id": at}
        writer.write(json.dumps(request).encode() + b"\n")
    right = 0
    for _ in range(CALLS):
        answer = json.loads(await reader.readline())
        right += answer.get("result") == expected[answer["id"]]
    writer.close()
    return right


async def main():
    right = await asyncio.gather(*(call(int(sys.argv[1]), caller) for caller in range(CALLERS)))
    print(f"{sum(right)} of {CALLERS * CALLS} answers were right")


asyncio.run(main())
