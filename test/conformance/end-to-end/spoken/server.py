"""A server of the Python SDK 2.x, which speaks the newest revision and keeps sessions for older clients: server.py ADDRESS NAME."""

import sys

from mcp.server import MCPServer
from mcp.server.transport_security import TransportSecuritySettings

address, name = sys.argv[1:]
server = MCPServer(name)


@server.tool()
def whoami() -> str:
    return name


server.run(
    transport="streamable-http",
    host=address,
    port=8080,
    streamable_http_path="/mcp",
    transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
)
