--[[
Decides who calls. What it asks for comes with the route, as the context of the filter (`CallerContext`): the program is
the same for all. Tokens were verified before it, by Envoy itself; keys, passwords and certificates it verifies here.

It has to refuse by itself: of a script that fails, Envoy takes no notice and passes the request on. Nor is it trusted
alone: the rules behind it ask for what only a success writes.
]]

-- Seconds after which a file is read again: a Secret may have changed.
local FILE_AGE = 10
local files = {}

-- What is in a file, and what was made of it so far; no text where there is no such file.
local function read(path)
  local now = os.time()
  local known = files[path]
  if known ~= nil and now >= known.time and now - known.time < FILE_AGE then
    return known
  end
  local file = io.open(path, "rb")
  local text = file and file:read("*a") or nil
  if file then
    file:close()
  end
  if known ~= nil and known.text == text then
    known.time = now
  else
    known = { time = now, text = text }
    files[path] = known
  end
  return known
end

-- The digest of the key in a file, which may end with a line break; nil where there is no key.
local function key_digest(path)
  local file = read(path)
  if file.digest == nil and file.text ~= nil then
    local key = file.text:gsub("\r?\n$", "")
    file.digest = key ~= "" and hex(sha256(key)) or nil
  end
  return file.digest
end

local MAX_KEY = 4096
-- As htpasswd reads them.
local MAX_PASSWORD = 255

local function key_passes(key, way)
  if key == "" or #key > MAX_KEY then
    return nil
  end
  local digest = hex(sha256(key))
  for _, known in ipairs(way.keys) do
    if digest == (known.sha256 or key_digest(known.file)) then
      return { user = known.user, groups = known.groups }
    end
  end
  return nil
end

--[[
The hash is slow to make, and all other requests of the thread wait meanwhile: so many are made in a second, for callers of one
address half of that, and what came of them is remembered as long as the file stays as it is.
]]
local MAX_HASHES = 20
local MAX_HASHES_OF_ONE = 10
local hashes = {}

-- Whether a hash may be made for a caller in this second.
local function may_hash(caller)
  local now = os.time()
  if hashes.time ~= now then
    hashes = { time = now, count = 0, of = {} }
  end
  local of_one = hashes.of[caller] or 0
  if hashes.count >= MAX_HASHES or of_one >= MAX_HASHES_OF_ONE then
    return false
  end
  hashes.count, hashes.of[caller] = hashes.count + 1, of_one + 1
  return true
end

local MAX_REMEMBERED = 1000

-- What is remembered of right or of wrong passwords: as many of one as there may be, whatever comes of the other.
local function remembered(file, name)
  if file[name] == nil or file[name].count >= MAX_REMEMBERED then
    file[name] = { count = 0 }
  end
  return file[name]
end

-- Whom no password is known of takes as much work as anybody: how long an answer takes tells nobody who is in the file.
local NOBODY = { salt = "........", hash = "" }

-- Whether a password is that of a user; nil where it is not known and no more hashes may be made.
local function password_matches(file, user, password, caller)
  local known = file.users[user]
  known = known ~= nil and known.hash ~= nil and known or NOBODY
  local digest = sha256(user .. ":" .. known.salt .. "$" .. known.hash .. "$" .. password)
  local right, wrong = remembered(file, "right"), remembered(file, "wrong")
  if right[digest] or wrong[digest] then
    return right[digest] or false
  end
  if not may_hash(caller) then
    return nil
  end
  local matches = apr1(password, known.salt) == known.hash
  local memory = matches and right or wrong
  memory[digest], memory.count = true, memory.count + 1
  return matches
end

-- The last says that it was not looked at.
local function password_passes(text, way, _, handle)
  local user, password = (from_base64(text) or ""):match("^([^:]+):(.*)$")
  local file = read(way.file)
  if user == nil or #password > MAX_PASSWORD or file.text == nil then
    return nil
  end
  file.users = file.users or htpasswd(file.text)
  local address = handle:streamInfo():downstreamRemoteAddress():gsub(":%d+$", "")
  local matches = password_matches(file, user, password, address)
  return matches and { user = user } or nil, matches == nil
end

local function is_for(audience, audiences)
  for _, accepted in ipairs(audiences) do
    for _, said in ipairs(type(audience) == "table" and audience or { audience }) do
      if said == accepted then
        return true
      end
    end
  end
  return false
end

-- A token has passed if Envoy has written its claims. It has to be all there is in the header; and Envoy takes
-- audiences for the same that differ by "https://" in front or "/" at the end.
local function token_passes(text, way, tokens)
  local claims = tokens[way.name]
  return claims ~= nil and text:match("^[%w%-_.]+$") ~= nil and is_for(claims.aud, way.audiences) and claims or nil
end

-- What a header holds behind the prefix; nil where nothing is presented there.
local function presented(headers, way)
  local value = headers:get(way.header)
  if value == nil or value:sub(1, #way.prefix):lower() ~= way.prefix:lower() then
    return nil
  end
  -- Of a header that is there twice, a server and the gateway may read different values.
  return headers:getNumValues(way.header) == 1 and value:sub(#way.prefix + 1) or ""
end

local function certificate_passes(handle)
  local connection = handle:streamInfo():downstreamSslConnection()
  if connection == nil or not connection:peerCertificatePresented() or not connection:peerCertificateValidated() then
    return nil
  end
  local subject = connection:parsedSubjectPeerCertificate()
  local name = subject and subject:commonName() or ""
  return { user = name ~= "" and name or nil }
end

local PASSES = { jwt = token_passes, apiKey = key_passes, basic = password_passes }

local function at(value, path)
  for _, name in ipairs(path) do
    value = type(value) == "table" and value[name] or nil
  end
  return type(value) == "string" and value ~= "" and value or nil
end

-- What the ways say that the caller has passed, by name, what was presented in each header and whether any way took it, and
-- whether some of it was not looked at.
local function verify(handle, context)
  local headers, says, places, unread = handle:headers(), {}, {}, false
  local tokens = handle:streamInfo():dynamicMetadata():get("envoy.filters.http.jwt_authn") or {}
  for _, way in ipairs(context.ways) do
    if way.kind == "clientCertificate" then
      says[way.name] = certificate_passes(handle)
    else
      local text = presented(headers, way)
      if text ~= nil then
        local said, skipped = PASSES[way.kind](text, way, tokens, handle)
        says[way.name], unread = said, unread or skipped or false
        local place = places[way.header] or {}
        place.taken = place.taken or says[way.name] ~= nil
        place.text = says[way.name] ~= nil and way.kind == "jwt" and text or place.text
        places[way.header] = place
      end
    end
  end
  return says, places, unread
end

-- Every method has to be passed, by one of its ways; and what is presented has to be right for some way that reads it.
local function refusal(context, says, places)
  for _, place in pairs(places) do
    if not place.taken then
      return "the credentials are not accepted\n", true
    end
  end
  for _, method in ipairs(context.methods) do
    local passed = false
    for _, name in ipairs(method) do
      passed = passed or says[name] ~= nil
    end
    if not passed then
      return "credentials are missing\n", false
    end
  end
  return nil
end

-- The first user that is named, and whom limits count: the subject of a token with its issuer, else the user.
local function names(context, says)
  local user, subject
  for _, way in ipairs(context.ways) do
    local said = says[way.name]
    if said ~= nil then
      user = user or at(said, way.user or { "user" })
      local sub = way.kind == "jwt" and at(said, { "sub" }) or nil
      subject = subject or sub and "token " .. way.issuer .. " " .. sub
    end
  end
  return user, subject or user and "user " .. user
end

-- Where a client finds out how to get a token. What it calls the gateway is repeated only if it can be nothing but a name.
local function resource_metadata(headers, resource)
  if resource:sub(1, 1) ~= "/" then
    return resource
  end
  local scheme, authority = headers:get(":scheme"), headers:get(":authority")
  if (scheme ~= "http" and scheme ~= "https") or authority == nil or authority:match("^[%w%-.:%[%]]+$") == nil then
    return nil
  end
  return scheme .. "://" .. authority .. resource
end

local function admit(handle, context, says, places)
  local headers, metadata = handle:headers(), handle:streamInfo():dynamicMetadata()
  for _, way in ipairs(context.ways) do
    local said = says[way.name]
    if way.kind == "jwt" and said == nil then
      -- Rules read what Envoy has written there.
      metadata:set("envoy.filters.http.jwt_authn", way.name, {})
    elseif way.kind ~= "jwt" and said ~= nil then
      metadata:set("mcp.caller", way.name, { verified = true, user = said.user, groups = said.groups })
    end
  end
  local user, principal = names(context, says)
  if user ~= nil then
    metadata:set("mcp.caller", "user", user)
  end
  if principal ~= nil then
    metadata:set("mcp.caller", "principal", principal)
  end
  local resource = context.challenges and resource_metadata(headers, context.resource)
  if resource then
    metadata:set("mcp.caller", "resource", resource)
  end
  for header in pairs(places) do
    headers:remove(header)
  end
  if context.forward ~= nil and places[context.forward] ~= nil and places[context.forward].text ~= nil then
    headers:replace("authorization", "Bearer " .. places[context.forward].text)
  end
end

local function challenges(headers, context, wrong)
  local found = {}
  if context.bearer then
    local parts = {}
    local url = context.resource and resource_metadata(headers, context.resource)
    parts[#parts + 1] = url and 'resource_metadata="' .. url .. '"' or nil
    parts[#parts + 1] = context.scope and 'scope="' .. context.scope .. '"' or nil
    parts[#parts + 1] = wrong and 'error="invalid_token"' or nil
    found[#found + 1] = "Bearer" .. (#parts > 0 and " " .. table.concat(parts, ", ") or "")
  end
  if context.basic then
    found[#found + 1] = 'Basic realm="mcp"'
  end
  return #found > 0 and found or nil
end

-- Contexts by their id, which is made of all they say: reading one anew for each request would copy it.
local contexts = {}

local function context_of(handle)
  local given = handle:filterContext()
  local id = given:get("id")
  if id ~= nil and contexts[id] == nil then
    contexts[id] = given:get("context")
  end
  return id and contexts[id]
end

local function authenticate(handle)
  local context = context_of(handle)
  if context == nil then
    return { [":status"] = "404" }, "there is no such route\n"
  end
  local says, places, unread = verify(handle, context)
  if unread then
    return { [":status"] = "429", ["retry-after"] = "1" }, "too many passwords at once\n"
  end
  local reason, wrong = refusal(context, says, places)
  if reason ~= nil then
    return { [":status"] = "401", ["www-authenticate"] = challenges(handle:headers(), context, wrong) }, reason
  end
  admit(handle, context, says, places)
  return nil
end

function envoy_on_request(handle)
  local done, headers, body = pcall(authenticate, handle)
  if not done then
    handle:logErr("authentication failed: " .. tostring(headers))
    headers, body = { [":status"] = "500" }, "authentication failed\n"
  end
  if headers ~= nil then
    handle:respond(headers, body)
  end
end
