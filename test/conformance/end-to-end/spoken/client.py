"""A client of the Python SDK 2.x: client.py URL MODE [TOKEN]. It lists, calls `whoami` and prints what came of it as JSON."""

import asyncio
import json
import sys

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client


async def main(url, mode, token=None):
    found = {}
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    try:
        async with httpx2.AsyncClient(headers=headers, timeout=20) as http:
            async with Client(streamable_http_client(url, http_client=http), mode=mode) as client:
                found["version"] = client.protocol_version
                found["tools"] = sorted(tool.name for tool in (await client.list_tools()).tools)
                found["answer"] = (await client.call_tool("whoami", {})).content[0].text
    except BaseException as error:
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        found["error"] = str(error)[:300]
    print(json.dumps(found))


asyncio.run(main(*sys.argv[1:]))
