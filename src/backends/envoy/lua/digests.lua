--[[
Digests, for Envoy has none to offer: SHA-256 (FIPS 180-4), by which API keys are compared, and MD5 (RFC 1321), of which
htpasswd's own hash is made. Both take and give bytes.
]]

local bit = require("bit")
local band, bor, bxor, bnot = bit.band, bit.bor, bit.bxor, bit.bnot
local lshift, rshift, rol, ror, tobit = bit.lshift, bit.rshift, bit.rol, bit.ror, bit.tobit

local function big_endian(word)
  return string.char(band(rshift(word, 24), 255), band(rshift(word, 16), 255), band(rshift(word, 8), 255), band(word, 255))
end

local function little_endian(word)
  return string.char(band(word, 255), band(rshift(word, 8), 255), band(rshift(word, 16), 255), band(rshift(word, 24), 255))
end

-- The text with a one, zeros, and its length in bits: a whole number of blocks of 64 bytes.
local function padded(text, order)
  local high, low = order(math.floor(#text / 0x20000000)), order(tobit(#text * 8))
  local length = order == big_endian and high .. low or low .. high
  return text .. "\128" .. string.rep("\0", (55 - #text) % 64) .. length
end

local SHA256_ROUNDS = {
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
}

local function sha256(text)
  local message = padded(text, big_endian)
  local h = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 }
  local w = {}
  for start = 1, #message, 64 do
    for i = 1, 16 do
      local b1, b2, b3, b4 = message:byte(start + i * 4 - 4, start + i * 4 - 1)
      w[i] = bor(lshift(b1, 24), lshift(b2, 16), lshift(b3, 8), b4)
    end
    for i = 17, 64 do
      local s0 = bxor(ror(w[i - 15], 7), ror(w[i - 15], 18), rshift(w[i - 15], 3))
      local s1 = bxor(ror(w[i - 2], 17), ror(w[i - 2], 19), rshift(w[i - 2], 10))
      w[i] = tobit(w[i - 16] + s0 + w[i - 7] + s1)
    end
    local a, b, c, d, e, f, g, k = h[1], h[2], h[3], h[4], h[5], h[6], h[7], h[8]
    for i = 1, 64 do
      local s1 = bxor(ror(e, 6), ror(e, 11), ror(e, 25))
      local choice = bxor(band(e, f), band(bnot(e), g))
      local t1 = tobit(k + s1 + choice + SHA256_ROUNDS[i] + w[i])
      local s0 = bxor(ror(a, 2), ror(a, 13), ror(a, 22))
      local majority = bxor(band(a, b), band(a, c), band(b, c))
      a, b, c, d, e, f, g, k = tobit(t1 + s0 + majority), a, b, c, tobit(d + t1), e, f, g
    end
    h = { tobit(h[1] + a), tobit(h[2] + b), tobit(h[3] + c), tobit(h[4] + d), tobit(h[5] + e), tobit(h[6] + f), tobit(h[7] + g), tobit(h[8] + k) }
  end
  local bytes = {}
  for i = 1, 8 do
    bytes[i] = big_endian(h[i])
  end
  return table.concat(bytes)
end

local MD5_SHIFTS = { { 7, 12, 17, 22 }, { 5, 9, 14, 20 }, { 4, 11, 16, 23 }, { 6, 10, 15, 21 } }
local MD5_ROUNDS = {}
for i = 1, 64 do
  MD5_ROUNDS[i] = math.floor(math.abs(math.sin(i)) * 0x100000000)
end

local function md5(text)
  local message = padded(text, little_endian)
  local h1, h2, h3, h4 = 0x67452301, tobit(0xefcdab89), tobit(0x98badcfe), 0x10325476
  local w = {}
  for start = 1, #message, 64 do
    for i = 0, 15 do
      local b1, b2, b3, b4 = message:byte(start + i * 4, start + i * 4 + 3)
      w[i] = bor(b1, lshift(b2, 8), lshift(b3, 16), lshift(b4, 24))
    end
    local a, b, c, d = h1, h2, h3, h4
    for i = 0, 63 do
      local round = rshift(i, 4) + 1
      local mixed, at
      if round == 1 then
        mixed, at = bor(band(b, c), band(bnot(b), d)), i
      elseif round == 2 then
        mixed, at = bor(band(d, b), band(bnot(d), c)), (5 * i + 1) % 16
      elseif round == 3 then
        mixed, at = bxor(b, c, d), (3 * i + 5) % 16
      else
        mixed, at = bxor(c, bor(b, bnot(d))), (7 * i) % 16
      end
      local sum = tobit(a + mixed + MD5_ROUNDS[i + 1] + w[at])
      a, b, c, d = d, tobit(b + rol(sum, MD5_SHIFTS[round][i % 4 + 1])), b, c
    end
    h1, h2, h3, h4 = tobit(h1 + a), tobit(h2 + b), tobit(h3 + c), tobit(h4 + d)
  end
  return little_endian(h1) .. little_endian(h2) .. little_endian(h3) .. little_endian(h4)
end

local function hex(bytes)
  return (bytes:gsub(".", function(byte) return string.format("%02x", byte:byte()) end))
end
