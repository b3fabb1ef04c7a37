--[[
Refuses messages that a server could read otherwise than they were authorized. The filter for MCP has let the message pass:
it is one JSON object, in which no name stands twice. So it is enough to look at the names of the outermost object, at those of its
`params`, and of what an argument is completed of. Of a request for a stream of changes it notes what it asks for: lists in messages
the filter for MCP does not read, such as that of resources.
]]

local MESSAGE = { jsonrpc = true, id = true, method = true, params = true, result = true, error = true }
local PARAMS = { name = true, notifications = true, ref = true, uri = true }
-- A prompt or a resource: a name and a URI together could be read as either.
local REF = { type = true, name = true, uri = true }
-- What a client may ask to hear of that is no resource, and where it lists those.
local LISTS = { toolsListChanged = true, promptsListChanged = true, resourcesListChanged = true }
local RESOURCES = "resourceSubscriptions"

-- Position of the quotation mark that ends the string which begins at a position: one with an even number of backslashes before
-- it. Looked for without a pattern, which takes a third of the time for arguments that are long.
local function end_of_string(text, start)
  local at = start + 1
  while true do
    local found = string.find(text, '"', at, true)
    if found == nil then
      return nil
    end
    local before = found - 1
    while string.byte(text, before) == 92 do
      before = before - 1
    end
    if (found - before) % 2 == 1 then
      return found
    end
    at = found + 1
  end
end

-- Whether a name means what it says, to whoever reads it, in whatever case.
local function is_plain(name, known)
  return string.find(name, "[\\\128-\255]") == nil and (known[name] or not known[string.lower(name)])
end

-- The second is what is asked to be heard of: lists alone, or how many resources besides, and which one if it is one. It is nil where
-- that is something else.
local function is_unambiguous(text)
  local depth, at, member, inner, third = 0, 1, nil, nil, nil
  local seen, ref, heard = {}, {}, nil
  while true do
    local start = string.find(text, "[\"':{}%[%]]", at)
    if start == nil then
      return not (seen.method and (seen.result or seen.error)) and not (ref.name and ref.uri), heard
    end
    local mark = string.sub(text, start, start)
    at = start + 1
    local hearing = member == "params" and inner == "notifications"
    if mark == "{" or mark == "[" then
      depth = depth + 1
      if depth > 3 and hearing and not (depth == 4 and mark == "[" and third == RESOURCES) then
        heard = nil
        inner = "(something else)"
      end
    elseif mark == "}" or mark == "]" then
      depth = depth - 1
    elseif mark == '"' then
      local stop = end_of_string(text, start)
      if stop == nil then
        return false
      end
      at = stop + 1
      local _, colon = string.find(text, "^%s*:", at)
      if colon == nil then
        if depth == 4 and hearing and heard ~= nil then
          local uri = string.sub(text, start + 1, stop - 1)
          heard = { count = heard.count + 1, lists = false, uri = string.find(uri, "\\", 1, true) == nil and uri or nil }
        end
      else
        at = colon + 1
        local name = depth <= 3 and string.sub(text, start + 1, stop - 1)
        if depth == 1 then
          if not is_plain(name, MESSAGE) then
            return false
          end
          member = name
          seen[name] = true
        elseif depth == 2 and member == "params" then
          if not is_plain(name, PARAMS) then
            return false
          end
          inner = name
          if name == "notifications" then
            heard = { lists = true, count = 0 }
          end
        elseif depth == 3 and member == "params" and inner == "ref" then
          if not is_plain(name, REF) then
            return false
          end
          ref[name] = true
        elseif depth == 3 and hearing then
          third = name
          if name == RESOURCES then
            heard = heard and { lists = false, count = 0 }
          elseif not LISTS[name] then
            heard = nil
            inner = "(something else)"
          end
        end
      end
    else
      -- A name without quotation marks, or with others: no JSON, though the filter for MCP reads it.
      return false
    end
  end
end

function envoy_on_request(handle)
  if handle:headers():get(":method") ~= "POST" then
    return
  end
  local body = handle:body()
  local text = body ~= nil and body:getBytes(0, body:length()) or ""
  -- Of a program that fails Envoy takes no notice, and passes the request on.
  local read, unambiguous, heard = pcall(is_unambiguous, text)
  if not (read and unambiguous and text ~= "") then
    handle:respond({ [":status"] = "400", ["content-type"] = "text/plain" }, "the message can be read in more than one way\n")
  elseif heard ~= nil then
    local metadata = handle:streamInfo():dynamicMetadata()
    metadata:set("mcp.message", heard.lists and "listsAlone" or "changesAlone", true)
    if heard.count == 1 and heard.uri ~= nil then
      metadata:set("mcp.message", "resource", heard.uri)
    end
  end
end
