--[[
LuaJIT's `bit`, for a Lua 5.4 that has operators instead: the functions that programs use, and no more arguments than they give.
]]

package.preload["bit"] = function()
  -- The lower 32 bits, the highest of which is the sign.
  local function tobit(number)
    return ((number & 0xffffffff) ~ 0x80000000) - 0x80000000
  end

  local function unsigned(number)
    return number & 0xffffffff
  end

  return {
    tobit = tobit,
    band = function(a, b) return tobit(a & b) end,
    bor = function(a, b, c, d) return tobit(a | b | (c or 0) | (d or 0)) end,
    bxor = function(a, b, c) return tobit(a ~ b ~ (c or 0)) end,
    bnot = function(a) return tobit(~a) end,
    lshift = function(a, n) return tobit(unsigned(a) << (n & 31)) end,
    rshift = function(a, n) return tobit(unsigned(a) >> (n & 31)) end,
    rol = function(a, n) return tobit(unsigned(a) << (n & 31) | unsigned(a) >> (32 - (n & 31))) end,
    ror = function(a, n) return tobit(unsigned(a) >> (n & 31) | unsigned(a) << (32 - (n & 31))) end,
  }
end
