"""A JSON-RPC 2.0 server, a line for each message: python3 server.py <port>."""
import asyncio
import json
import random
import sys

connections = 0


async def answer(request, writer):
    # Some answers take longer, so that they overtake one another.
    await asyncio.sleep(random.random() / 50)
    if request["method"] == "price":
        reply = {"result": len(request["params"]["symbol"]) * 1.25}
    else:
        reply = {"error": {"code": -32601, "message": "Method not found"}}
    if "id" in request:
        writer.write(json.dumps({"jsonrpc": "2.0", **reply, "id": request["id"]}).encode() + b"\n")


async def serve(reader, writer):
    global connections
    connections += 1
    print(f"{connections} connections so far", flush=True)
    while line := await reader.readline():
        asyncio.ensure_future(answer(json.loads(line), writer))


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]))
    print("listening", flush=True)
    await server.serve_forever()


asyncio.run(main())
