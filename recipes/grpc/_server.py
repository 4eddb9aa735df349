"""Something to call: `python recipes/grpc/_server.py 50051`."""

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc


def hello(name: str, _: Any) -> str:
    return f"hello {name}"


if __name__ == "__main__":
    server = grpc.server(ThreadPoolExecutor(4))
    handler = grpc.unary_unary_rpc_method_handler(hello, bytes.decode, str.encode)
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler("shop.Greeter", {"Hello": handler}),)
    )
    server.add_insecure_port(f"127.0.0.1:{sys.argv[1]}")
    server.start()
    print("listening", flush=True)
    server.wait_for_termination()
