--[[
Values as JSON. A byte of a string becomes the character of that number, so that any bytes can be told; a table with
something at 1 is an array.
]]

local function to_json(value)
  if type(value) == "string" then
    return '"' .. value:gsub(".", function(character)
      local byte = character:byte()
      local plain = byte >= 32 and byte < 127 and character ~= '"' and character ~= "\\"
      return plain and character or string.format("\\u%04x", byte)
    end) .. '"'
  elseif type(value) ~= "table" then
    return value == nil and "null" or tostring(value)
  end
  local parts = {}
  if value[1] ~= nil then
    for i, item in ipairs(value) do
      parts[i] = to_json(item)
    end
    return "[" .. table.concat(parts, ",") .. "]"
  end
  for name, item in pairs(value) do
    parts[#parts + 1] = to_json(name) .. ":" .. to_json(item)
  end
  return "{" .. table.concat(parts, ",") .. "}"
end
