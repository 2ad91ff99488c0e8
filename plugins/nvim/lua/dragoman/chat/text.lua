--- Text from a model as it may stand in a buffer, and short texts about answers. Pure: strings in,
--- strings out.
---
--- A model's text is never trusted: what a terminal could obey becomes a visible symbol, so that it
--- is harmless on the screen and in a register. Line breaks of any kind become "\n". Everything
--- else stays byte for byte.

local M = {}

-- NUL to US without tab and line feed, and DEL; C1 controls are U+0080 to U+009F.
local kControl = '[%z\1-\8\11-\31\127]'
local kC1 = '\194[\128-\159]'

---@param char string one control character
---@return string its picture, U+2400 and on
local function picture(char)
  local byte = char:byte()
  return byte == 127 and '\226\144\161' or ('\226\144' .. string.char(128 + byte))
end

--- A function that cleans the pieces of one stream; a CR LF that is cut in two between pieces stays
--- one line break.
---@return fun(piece: string): string
function M.cleaner()
  local after_cr = false
  return function(piece)
    if after_cr and piece ~= '' then
      after_cr = false
      if piece:byte() == 10 then
        piece = piece:sub(2)
      end
    end
    if not piece:find(kControl) and not piece:find(kC1) then
      return piece
    end
    after_cr = piece:byte(-1) == 13
    return (piece:gsub('\r\n?', '\n'):gsub(kControl, picture):gsub(kC1, '\239\191\189'))
  end
end

---@param text string
---@return string
function M.clean(text)
  return M.cleaner()(text)
end

--- `text` on one line, without what a line cannot hold, at most `most` bytes and a mark where it
--- was cut.
---@param text string
---@param most? integer 200 unless told
---@return string
function M.one_line(text, most)
  most = most or 200
  local line = vim.trim((M.clean(text):gsub('%s+', ' ')))
  if #line <= most then
    return line
  end
  -- Back to the start of a character.
  local cut = most
  while cut > 0 and (line:byte(cut + 1) or 0) >= 128 and (line:byte(cut + 1) or 0) < 192 do
    cut = cut - 1
  end
  return line:sub(1, cut) .. '…'
end

--- The lines of `text`, cleaned.
---@param text string
---@return string[]
function M.lines(text)
  return vim.split(M.clean(text), '\n', { plain = true })
end

--- `text` on lines of at most `width` cells, broken between words; a longer word stays whole.
---@param text string
---@param width integer
---@return string[]
function M.wrap(text, width)
  local lines, line, used = {}, {}, 0
  for word in M.one_line(text, 4000):gmatch('%S+') do
    local size = vim.api.nvim_strwidth(word)
    if used > 0 and used + 1 + size > width then
      lines[#lines + 1] = table.concat(line, ' ')
      line, used = {}, 0
    end
    line[#line + 1] = word
    used = used + size + (used > 0 and 1 or 0)
  end
  if used > 0 then
    lines[#lines + 1] = table.concat(line, ' ')
  end
  return lines
end

---@param count integer
---@return string `count` in groups of three: 12 345
local function grouped(count)
  local digits = ('%d'):format(count)
  local head = #digits % 3
  local out = { head > 0 and digits:sub(1, head) or nil }
  for at = head + 1, #digits, 3 do
    out[#out + 1] = digits:sub(at, at + 2)
  end
  return table.concat(out, ' ')
end

--- What an answer used and cost, for the end of its heading; empty where nothing is known.
---@param usage? table<string, integer> the daemon's `usage`
---@param cost? {amount: number, currency: string}
---@return string
function M.usage(usage, cost)
  local parts = {}
  if type(usage) == 'table' then
    local cached = tonumber(usage.cachedInputTokens) or 0
    local reasoned = tonumber(usage.reasoningTokens) or 0
    parts[1] = grouped(tonumber(usage.inputTokens) or 0)
      .. ' in'
      .. (cached > 0 and (' (%s cached)'):format(grouped(cached)) or '')
    parts[2] = grouped(tonumber(usage.outputTokens) or 0)
      .. ' out'
      .. (reasoned > 0 and (' (%s reasoning)'):format(grouped(reasoned)) or '')
  end
  if type(cost) == 'table' and tonumber(cost.amount) then
    local currency = M.one_line(tostring(cost.currency or ''), 12)
    parts[#parts + 1] = ('%.4g %s'):format(cost.amount, currency)
  end
  return table.concat(parts, ' · ')
end

---@param ms number
---@return string
local function seconds(ms)
  return ms < 1000 and ('%d ms'):format(ms) or ('%.1f s'):format(ms / 1000)
end

---@param value any
---@return string?
local function string_of(value)
  return type(value) == 'string' and value ~= '' and value or nil
end

--- What of a conversation did not fit the model, as the daemon's `leftOut` has it.
---@param left_out? {turns?: integer, items?: string[]}
---@return string?
function M.left_out(left_out)
  if type(left_out) ~= 'table' then
    return
  end
  local what = {}
  local count = tonumber(left_out.turns) or 0
  if count > 0 then
    what[1] = count == 1 and 'the oldest turn' or ('the %d oldest turns'):format(count)
  end
  for _, item in ipairs(type(left_out.items) == 'table' and left_out.items or {}) do
    what[#what + 1] = 'all or a part of ' .. M.one_line(tostring(item), 80)
  end
  if #what > 0 then
    return 'Left out, because it does not fit the model: ' .. table.concat(what, ', ')
  end
end

--- How many likely secrets the model was not shown, as the daemon's `masked` counts them.
---@param count? integer
---@return string?
function M.masked(count)
  count = tonumber(count) or 0
  if count > 0 then
    return count == 1 and '1 likely secret was masked'
      or ('%d likely secrets were masked'):format(count)
  end
end

local kMostNames = 3

--- Which changed files the model was told nothing of, as the daemon's `keptHere` names them.
---@param names? string[]
---@return string?
function M.kept_here(names)
  if type(names) ~= 'table' or #names == 0 then
    return
  end
  local shown = {}
  for i = 1, math.min(#names, kMostNames) do
    shown[i] = M.one_line(tostring(names[i]), 80)
  end
  local more = #names > kMostNames and (' and %d more'):format(#names - kMostNames) or ''
  return ('kept here by privacy.exclude: %s%s'):format(table.concat(shown, ', '), more)
end

--- A line about what happened to a question on its way: the events `retry`, `fallback` and
--- `toolCall`. Nothing for events that are no news to a person.
---@param event table
---@return string?
function M.note(event)
  local reason = string_of(event.reason)
  local because = reason and ': ' .. reason or ''
  if event.kind == 'retry' then
    return ('Trying again in %s (attempt %d)%s'):format(
      seconds(tonumber(event.delayMs) or 0),
      tonumber(event.attempt) or 1,
      because
    )
  elseif event.kind == 'fallback' then
    return ('%s takes over%s'):format(string_of(event.model) or 'The next model', because)
  elseif event.kind == 'toolCall' then
    return ('The model asked for the tool %s, which chat does not run'):format(
      string_of(event.name) or '?'
    )
  end
end

--- The lines that stand below an answer that did not end well: what happened, and what to do next.
---@param answer dragoman.chat.Section
---@return {text: string, hint?: boolean}[]
function M.outcome(answer)
  local err = answer.error
  if answer.state == 'failed' then
    local data = type(err) == 'table' and type(err.data) == 'table' and err.data or err or {}
    local kind = string_of(data.kind)
    local what = ('The answer broke off%s.'):format(kind and ' (' .. kind .. ')' or '')
    local lines = { { text = (err and string_of(err.message)) or what } }
    if string_of(data.hint) then
      lines[2] = { text = data.hint, hint = true }
    end
    return lines
  elseif answer.state == 'elsewhere' then
    local hint = 'Still being answered in another window; `:edit` reads it again.'
    return { { text = hint, hint = true } }
  elseif answer.state == 'cancelled' then
    return { { text = 'Cancelled.', hint = true } }
  elseif answer.finish == 'length' then
    return { { text = 'Cut off: the limit of tokens was reached.', hint = true } }
  elseif answer.finish == 'contentFilter' then
    return { { text = "Cut off by the provider's filter.", hint = true } }
  end
  return {}
end

return M
