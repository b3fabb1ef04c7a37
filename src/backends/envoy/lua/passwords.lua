--[[
Passwords: the header `Basic`, and lines of an htpasswd file with its own hash, apr1, which is what the tool writes by
default. bcrypt is not for a proxy: each wrong password would hold up all other requests of a thread.
]]

local BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
local APR1 = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

-- The bytes of a text in base64; nil where it is none.
local function from_base64(text)
  local digits = text:match("^([%w+/]*)=?=?$")
  if digits == nil or #text % 4 ~= 0 then
    return nil
  end
  local bytes, value, bits = {}, 0, 0
  for i = 1, #digits do
    value = band(lshift(value, 6) + BASE64:find(digits:sub(i, i), 1, true) - 1, 0xffffff)
    bits = bits + 6
    if bits >= 8 then
      bits = bits - 8
      bytes[#bytes + 1] = string.char(band(rshift(value, bits), 255))
    end
  end
  return table.concat(bytes)
end

local function apr1(password, salt)
  local inner = md5(password .. salt .. password)
  local mixed = { password, "$apr1$", salt, inner:rep(math.floor(#password / 16)), inner:sub(1, #password % 16) }
  local rest = #password
  while rest > 0 do
    mixed[#mixed + 1] = rest % 2 == 1 and "\0" or password:sub(1, 1)
    rest = math.floor(rest / 2)
  end
  local digest = md5(table.concat(mixed))
  for i = 0, 999 do
    digest = md5((i % 2 == 1 and password or digest)
      .. (i % 3 ~= 0 and salt or "")
      .. (i % 7 ~= 0 and password or "")
      .. (i % 2 == 1 and digest or password))
  end
  local out = {}
  local function write(value, characters)
    for _ = 1, characters do
      out[#out + 1] = APR1:sub(value % 64 + 1, value % 64 + 1)
      value = math.floor(value / 64)
    end
  end
  for _, at in ipairs({ { 1, 7, 13 }, { 2, 8, 14 }, { 3, 9, 15 }, { 4, 10, 16 }, { 5, 11, 6 } }) do
    write(digest:byte(at[1]) * 65536 + digest:byte(at[2]) * 256 + digest:byte(at[3]), 4)
  end
  write(digest:byte(12), 2)
  return table.concat(out)
end

-- Salts and hashes by user. The first line of a user counts; with another hash it lets nobody in.
local function htpasswd(text)
  local users = {}
  for line in text:gmatch("[^\r\n]+") do
    local user, hashed = line:match("^([^:]+):(.-)%s*$")
    if user ~= nil and users[user] == nil then
      local salt, hash = hashed:match("^%$apr1%$([^$]+)%$([./%w]+)$")
      users[user] = { salt = salt, hash = hash }
    end
  end
  return users
end
