--- From the edits of an answer to whole lines: what goes and what comes. Pure.
---
--- Lines are those of the buffer, without line ends: Neovim keeps `\r` out of a buffer whose
--- 'fileformat' is "dos", so an edit's `\r\n` is a line end there.

local to_byte = require('dragoman.compat').to_byte

local M = {}

---@class dragoman.Hunk
---@field row integer from 0: the first line that goes, or the line before which lines come
---@field old string[]
---@field new string[]

---@param a lsp.Position
---@param b lsp.Position
---@return boolean
local function is_before(a, b)
  return a.line < b.line or (a.line == b.line and a.character < b.character)
end

--- The new text of rows `first` to `last` after `edits`, which touch no other rows.
---@param lines string[]
---@param edits lsp.TextEdit[] in order
---@param first integer
---@param last integer
---@param encoding string
---@param dos boolean
---@return string[]
local function rewritten(lines, edits, first, last, encoding, dos)
  local starts, old = {}, ''
  for row = first, last do
    starts[row] = #old
    old = old .. (lines[row + 1] or '') .. (row < last and '\n' or '')
  end
  local function offset(position)
    return starts[position.line]
      + to_byte(lines[position.line + 1] or '', position.character, encoding)
  end
  local parts, from = {}, 0
  for _, edit in ipairs(edits) do
    local text = dos and edit.newText:gsub('\r\n', '\n') or edit.newText
    table.insert(parts, old:sub(from + 1, offset(edit.range.start)))
    table.insert(parts, text)
    from = offset(edit.range['end'])
  end
  table.insert(parts, old:sub(from + 1))
  return vim.split(table.concat(parts), '\n', { plain = true })
end

--- A hunk without the lines that are the same at both ends.
---@param row integer
---@param old string[]
---@param new string[]
---@return dragoman.Hunk? nothing where all are the same
local function trimmed(row, old, new)
  local shorter = math.min(#old, #new)
  local head = 0
  while head < shorter and old[head + 1] == new[head + 1] do
    head = head + 1
  end
  local tail = 0
  while tail < shorter - head and old[#old - tail] == new[#new - tail] do
    tail = tail + 1
  end
  if #old == head + tail and #new == head + tail then
    return nil
  end
  return {
    row = row + head,
    old = vim.list_slice(old, head + 1, #old - tail),
    new = vim.list_slice(new, head + 1, #new - tail),
  }
end

--- The hunks of `edits`, from the top down. Edits that share a line are one hunk.
---@param lines string[] of the whole buffer
---@param edits lsp.TextEdit[] in any order, not overlapping
---@param encoding string of their positions
---@param dos boolean 'fileformat' is "dos"
---@return dragoman.Hunk[]
function M.of(lines, edits, encoding, dos)
  edits = vim.list_slice(edits)
  table.sort(edits, function(a, b)
    return is_before(a.range.start, b.range.start)
  end)
  local hunks = {} ---@type dragoman.Hunk[]
  local at = 1
  while at <= #edits do
    -- The place after the last line end is a row of its own, which no line of the buffer stands
    -- for.
    local first = math.min(edits[at].range.start.line, #lines)
    local last, group = first, {}
    while at <= #edits and (#group == 0 or edits[at].range.start.line <= last) do
      group[#group + 1] = edits[at]
      last = math.max(last, math.min(edits[at].range['end'].line, #lines))
      at = at + 1
    end
    local old = vim.list_slice(lines, first + 1, last + 1)
    if last == #lines then
      old[#old + 1] = ''
    end
    local new = rewritten(lines, group, first, last, encoding, dos)
    local hunk = trimmed(first, old, new)
    if hunk then
      -- Text without a line end at the very end of the file.
      if hunk.row + #hunk.old > #lines then
        table.remove(hunk.old)
      end
      hunks[#hunks + 1] = hunk
    end
  end
  return hunks
end

return M
