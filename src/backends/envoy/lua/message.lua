--[[
Refuses messages that a server could read otherwise than they were authorized. The filter for MCP has let the message pass:
it is one JSON object, in which no name stands twice. So it is enough to look at the names of the outermost object, and at
those of its `params`.
]]

local MESSAGE = { jsonrpc = true, id = true, method = true, params = true, result = true, error = true }
local PARAMS = { name = true }

-- Position of the quotation mark that ends the string which begins at a position.
local function end_of_string(text, start)
  local at = start + 1
  while true do
    local found = string.find(text, '["\\]', at)
    if found == nil or string.byte(text, found) == 34 then
      return found
    end
    at = found + 2
  end
end

-- Whether a name means what it says, to whoever reads it, in whatever case.
local function is_plain(name, known)
  return string.find(name, "[\\\128-\255]") == nil and (known[name] or not known[string.lower(name)])
end

local function is_unambiguous(text)
  local depth, at, member, seen = 0, 1, nil, {}
  while true do
    local start = string.find(text, "[\"':{}%[%]]", at)
    if start == nil then
      return not (seen.method and (seen.result or seen.error))
    end
    local mark = string.sub(text, start, start)
    at = start + 1
    if mark == "{" or mark == "[" then
      depth = depth + 1
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
        local name = depth <= 2 and string.sub(text, start + 1, stop - 1)
        if depth == 1 then
          if not is_plain(name, MESSAGE) then
            return false
          end
          member = name
          seen[name] = true
        elseif depth == 2 and member == "params" and not is_plain(name, PARAMS) then
          return false
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
  local read, unambiguous = pcall(is_unambiguous, text)
  if not (read and unambiguous and text ~= "") then
    handle:respond({ [":status"] = "400", ["content-type"] = "text/plain" }, "the message can be read in more than one way\n")
  end
end
