--[[
Refuses messages that a server could read otherwise than they were authorized. The filter for MCP has let the message pass:
it is one JSON object, in which no name stands twice. So it is enough to look at the names of the outermost object, and at
those of its `params`. Of a request for a stream of changes it notes whether it asks for those of lists alone: lists in messages
the filter for MCP does not read, such as that of resources.
]]

local MESSAGE = { jsonrpc = true, id = true, method = true, params = true, result = true, error = true }
local PARAMS = { name = true, notifications = true }
-- What a client may ask to hear of that is no resource.
local LISTS = { toolsListChanged = true, promptsListChanged = true, resourcesListChanged = true }

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

-- The second says whether changes of lists alone are asked for.
local function is_unambiguous(text)
  local depth, at, member, inner, seen, lists = 0, 1, nil, nil, {}, false
  while true do
    local start = string.find(text, "[\"':{}%[%]]", at)
    if start == nil then
      return not (seen.method and (seen.result or seen.error)), lists
    end
    local mark = string.sub(text, start, start)
    at = start + 1
    if mark == "{" or mark == "[" then
      depth = depth + 1
      lists = lists and not (depth > 3 and member == "params" and inner == "notifications")
    elseif mark == "}" or mark == "]" then
      depth = depth - 1
    elseif mark == '"' then
      local stop = end_of_string(text, start)
      if stop == nil then
        return false
      end
      at = stop + 1
      local _, colon = string.find(text, "^%s*:", at)
      if colon ~= nil then
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
          lists = lists or name == "notifications"
        elseif depth == 3 and member == "params" and inner == "notifications" then
          lists = lists and LISTS[name] == true
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
  local read, unambiguous, lists = pcall(is_unambiguous, text)
  if not (read and unambiguous and text ~= "") then
    handle:respond({ [":status"] = "400", ["content-type"] = "text/plain" }, "the message can be read in more than one way\n")
  elseif lists then
    handle:streamInfo():dynamicMetadata():set("mcp.message", "listsAlone", true)
  end
end
