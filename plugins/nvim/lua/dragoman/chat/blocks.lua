--- Fenced code blocks of Markdown. Pure.
---
--- Follows CommonMark's fences with one difference: a fence may be indented by any amount, because
--- models put blocks into lists. An unclosed block ends with the text, as it does when an answer
--- was cut off.

local M = {}

---@class dragoman.chat.Block
---@field first integer 1-based index of the opening fence
---@field last integer of the closing fence, or of the last line
---@field language string the first word behind the fence, perhaps empty
---@field closed boolean
---@field lines string[] what stands between, without the fence's own indentation

---@param line string
---@return string? indent
---@return string? fence
---@return string? info
local function opening(line)
  local indent, fence, info = line:match('^(%s*)(```+)([^`]*)$')
  if not fence then
    indent, fence, info = line:match('^(%s*)(~~~+)(.*)$')
  end
  return indent, fence, info
end

---@param line string
---@param fence string
---@return boolean
local function closes(line, fence)
  local run = line:match('^%s*([`~]+)%s*$')
  return run ~= nil and #run >= #fence and run == fence:sub(1, 1):rep(#run)
end

---@param line string
---@param width integer
---@return string `line` without at most `width` blanks in front
local function dedent(line, width)
  local blanks = #line:match('^%s*')
  return line:sub(math.min(blanks, width) + 1)
end

--- All blocks of `lines`, in order.
---@param lines string[]
---@return dragoman.chat.Block[]
function M.find(lines)
  local blocks = {} ---@type dragoman.chat.Block[]
  local open ---@type dragoman.chat.Block?
  local fence, width
  for i, line in ipairs(lines) do
    if open then
      if closes(line, fence) then
        open.last, open.closed = i, true
        open = nil
      else
        open.last = i
        open.lines[#open.lines + 1] = dedent(line, width)
      end
    else
      local indent, found, info = opening(line)
      if found then
        fence, width = found, #indent
        open = {
          first = i,
          last = i,
          language = info:match('^%s*([^%s{,:]+)') or '',
          closed = false,
          lines = {},
        }
        blocks[#blocks + 1] = open
      end
    end
  end
  return blocks
end

--- The block that a cursor on line `at` means: the one it is in, else the nearest before it, else
--- the first.
---@param blocks dragoman.chat.Block[]
---@param at integer 1-based
---@return dragoman.chat.Block?
function M.at(blocks, at)
  local before
  for _, block in ipairs(blocks) do
    if block.first > at then
      break
    end
    before = block
  end
  return before or blocks[1]
end

return M
