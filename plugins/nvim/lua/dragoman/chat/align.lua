--- Where in a file a block of code belongs: models answer with a changed function, or with the
--- whole file, and do not say which lines they mean. Pure.
---
--- Lines that stand once in the file and once in the block tie the two together. A guess, good
--- enough to be looked at: what is found here is only ever shown as a difference.

local M = {}

local kLeastTies = 2
local kLeastShare = 0.3 -- of the block's lines that say something

---@param lines string[]
---@return table<string, integer> line by text; 0 for a text that stands there twice
local function places(lines)
  local out = {}
  for i, line in ipairs(lines) do
    if line:find('%w') then
      out[line] = out[line] and 0 or i
    end
  end
  return out
end

--- The ties in the order of the block, those left out that go back in the file.
---@param file string[]
---@param block string[]
---@return {[1]: integer, [2]: integer}[] line of the file, line of the block
---@return integer count of the block's lines that say something
local function ties(file, block)
  local in_file, in_block = places(file), places(block)
  local out, telling = {}, 0
  for i, line in ipairs(block) do
    if line:find('%w') then
      telling = telling + 1
      local at = in_block[line] == i and in_file[line] or 0
      if at > 0 and (#out == 0 or at > out[#out][1]) then
        out[#out + 1] = { at, i }
      end
    end
  end
  return out, telling
end

--- The line of `file` from `at` on, in steps of `step`, that is `text`; `at` less one step where
--- there is none within `reach` lines.
---@param file string[]
---@param at integer
---@param step integer
---@param text string
---@param reach integer
---@return integer
local function seek(file, at, step, text, reach)
  for i = 0, reach do
    if file[at + i * step] == text then
      return at + i * step
    end
  end
  return at - step
end

--- The lines of `file` that `block` is meant to replace.
---@param file string[]
---@param block string[]
---@return integer? first 1-based; nil where the two have too little in common
---@return integer? last
function M.find(file, block)
  local found, telling = ties(file, block)
  if #found < kLeastTies or #found < kLeastShare * telling then
    return
  end
  local first, last = found[1], found[#found]
  local from, to = first[1], last[1]
  local before, behind = first[2] - 1, #block - last[2]
  if before > 0 then
    from = seek(file, from - 1, -1, block[1], 2 * before)
  end
  if behind > 0 then
    to = seek(file, to + 1, 1, block[#block], 2 * behind)
  end
  return from, to
end

return M
