--[[
A request as Envoy shows it to a program, as narrow as programs use it: what else they ask for is an error. As there,
tables are given out as copies, an answer ends the program, and of one that fails nobody takes notice.
]]

local BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

local function to_base64(text)
  return (text:gsub("..?.?", function(group)
    local first, second, third = group:byte(1, 3)
    local value = first * 65536 + (second or 0) * 256 + (third or 0)
    local out = ""
    for i = 3, 0, -1 do
      local digit = math.floor(value / 64 ^ i) % 64 + 1
      out = out .. (3 - i <= #group and BASE64:sub(digit, digit) or "=")
    end
    return out
  end))
end

local function copy_of(value)
  if type(value) ~= "table" then
    return value
  end
  local copy = {}
  for name, item in pairs(value) do
    copy[name] = copy_of(item)
  end
  return copy
end

-- Names mean the same in whatever case, and a header may have several values.
local function headers_of(fields)
  return {
    get = function(_, name)
      local values = fields[name:lower()]
      return values and table.concat(values, ",")
    end,
    getNumValues = function(_, name)
      return #(fields[name:lower()] or {})
    end,
    remove = function(_, name)
      fields[name:lower()] = nil
    end,
    replace = function(_, name, value)
      fields[name:lower()] = { value }
    end,
  }
end

local function connection_of(certificate)
  return certificate and {
    peerCertificatePresented = function() return certificate.presented end,
    peerCertificateValidated = function() return certificate.validated end,
    parsedSubjectPeerCertificate = function()
      return certificate.presented and { commonName = function() return certificate.commonName or "" end } or nil
    end,
  }
end

-- Shows a request to the program, and gives what it did.
local function exchange(request)
  local fields, metadata, log, response = {}, copy_of(request.metadata or {}), {}, nil
  for name, values in pairs(request.headers or {}) do
    fields[name:lower()] = type(values) == "table" and values or { values }
  end
  io = {
    open = function(path, mode)
      local text = request.files and request.files[path]
      return text and mode == "rb" and {
        read = function(_, what) return what == "*a" and text or nil end,
        close = function() end,
      } or nil
    end,
  }
  os = { time = function() return request.time or 0 end }

  local handle = {
    headers = function() return headers_of(fields) end,
    body = function()
      return request.body and {
        length = function() return #request.body end,
        getBytes = function(_, from, length) return request.body:sub(from + 1, from + length) end,
      } or nil
    end,
    filterContext = function()
      return { get = function(_, name) return copy_of(request.context and request.context[name]) end }
    end,
    streamInfo = function()
      return {
        dynamicMetadata = function()
          return {
            get = function(_, filter) return copy_of(metadata[filter]) end,
            set = function(_, filter, name, value)
              metadata[filter] = metadata[filter] or {}
              metadata[filter][name] = copy_of(value)
            end,
          }
        end,
        downstreamRemoteAddress = function() return request.address or "192.0.2.1:1234" end,
        downstreamSslConnection = function() return connection_of(request.certificate) end,
      }
    end,
    base64Escape = function(_, text) return to_base64(text) end,
    logErr = function(_, text) log[#log + 1] = text end,
    respond = function(_, headers, body)
      response = { headers = headers, body = body }
      coroutine.yield()
    end,
  }
  local done, failure = coroutine.resume(coroutine.create(envoy_on_request), handle)
  return { response = response, headers = fields, metadata = metadata, log = log, failure = not done and failure or nil }
end
