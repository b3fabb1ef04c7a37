--[[
Ends the query of a caller at the gateway, and keeps the path without it for logs and traces. MCP has no use for a query, and to
a server it could mean something: a route appends it to whatever the server's own URL says.
]]

function envoy_on_request(handle)
  local headers = handle:headers()
  local path = string.match(headers:get(":path") or "", "^[^?]+")
  if path ~= nil then
    handle:streamInfo():dynamicMetadata():set("mcp.request", "path", path)
    headers:replace(":path", path)
  end
end
