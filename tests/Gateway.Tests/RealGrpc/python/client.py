"""A stock gRPC client: python3 client.py <target> <authority> <case> [argument]...

Makes the calls of one case and prints, as its last line, what it saw of them: one JSON object. What should have been seen is for the test to say.
"""
import json
import sys

import calls
from cases import compression, endings, load, metadata, streaming, timing, unary

CASES = {case.__name__: case for module in (compression, endings, load, metadata, streaming, timing, unary) for case in module.CASES}


def main():
    target, authority, case, *arguments = sys.argv[1:]
    peer = calls.Peer(target, authority)
    print(json.dumps(CASES[case](peer, *arguments)), flush=True)


if __name__ == "__main__":
    main()
