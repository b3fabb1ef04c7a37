--[[
Puts credentials into requests to servers. A value that cannot be read, or that could not stand in a header, ends the
request: Envoy would pass it on as if nothing had happened. Of what a caller does not send for the server, it gets nothing.
]]

-- What is in a file, without the white space at its ends; nil where that cannot stand in a header.
local function value_of(path)
  local file = io.open(path, "rb")
  local text = file and file:read("*a")
  if file then
    file:close()
  end
  text = text and text:match("^%s*(.-)%s*$")
  if text == nil or text == "" or text:find("%c") then
    return nil
  end
  return text
end

-- The value of a header; nil where a part of it is missing, and false where there is to be none.
local function header_of(handle, credential)
  if credential.from ~= nil then
    local sent = handle:headers():get(credential.from)
    return sent ~= nil and credential.prefix .. sent
  end
  local value = value_of(credential.file)
  if credential.prefix ~= nil then
    return value and credential.prefix .. value
  end
  local username = credential.username or value_of(credential.usernameFile)
  return value and username and "Basic " .. handle:base64Escape(username .. ":" .. value)
end

function envoy_on_request(handle)
  local values = {}
  for _, credential in ipairs(handle:filterContext():get("credentials")) do
    local value = header_of(handle, credential)
    if value == nil then
      handle:logErr("no value for the header " .. credential.header .. " of a server")
      handle:respond({[":status"] = "503"}, "a credential of the server cannot be read\n")
      return
    end
    values[credential.header] = value
  end
  for header, value in pairs(values) do
    if value then
      handle:headers():replace(header, value)
    else
      handle:headers():remove(header)
    end
  end
end
