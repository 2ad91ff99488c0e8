--- Neovim writes bytes that are no UTF-8 into its messages as they are, and no server can read
--- those. Each such byte becomes a question mark here: one byte for one, so that every position
--- still means the same place.

local M = {}

--- The sequences of RFC 3629, by their first bytes.
local sequences = {
  '^[\194-\223][\128-\191]',
  '^\224[\160-\191][\128-\191]',
  '^[\225-\236\238\239][\128-\191][\128-\191]',
  '^\237[\128-\159][\128-\191]',
  '^\240[\144-\191][\128-\191][\128-\191]',
  '^[\241-\243][\128-\191][\128-\191][\128-\191]',
  '^\244[\128-\143][\128-\191][\128-\191]',
}

--- A run of bytes above 127 with question marks for what is no UTF-8.
---@param run string
---@return string
local function repair(run)
  local out, at = {}, 1
  while at <= #run do
    local good
    for _, sequence in ipairs(sequences) do
      good = run:sub(at, at + 3):match(sequence)
      if good then
        break
      end
    end
    out[#out + 1] = good or '?'
    at = at + (good and #good or 1)
  end
  return table.concat(out)
end

--- `text` as UTF-8 of the same length.
---@param text string
---@return string
function M.clean_text(text)
  -- Nearly everything passes one of two quick looks: no such byte at all, or an encoder that finds
  -- no fault.
  if not text:find('[\128-\255]') or pcall(vim.fn.json_encode, text) then
    return text
  end
  return (text:gsub('[\128-\255]+', repair))
end

--- `value` with every text in it clean. Tables that need a change are changed in place.
---@generic T
---@param value T
---@return T
function M.clean(value)
  if type(value) == 'string' then
    return M.clean_text(value)
  elseif type(value) == 'table' then
    for key, item in pairs(value) do
      local kind = type(item)
      if kind == 'string' or kind == 'table' then
        value[key] = M.clean(item)
      end
    end
  end
  return value
end

return M
