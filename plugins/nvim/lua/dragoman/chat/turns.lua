--- A conversation as lines of Markdown, and lines as questions. Pure: where a turn begins in a
--- buffer that is being edited is not known here but by the marks of page.lua, so that a `## You`
--- somebody typed is only text.

local text = require('dragoman.chat.text')

local M = {}

M.kYou = '## You'

---@class dragoman.chat.Section A question or an answer.
---@field kind 'question'|'answer'
---@field turn? string the daemon's id; without it the question is a draft, or was never taken
---@field heading string its first line, as it was written
---@field context? table[] what the question attached, as it was sent
---@field sent? string what the question said when it was sent
---@field model? string
---@field state? 'running'|'elsewhere'|'complete'|'cancelled'|'failed' of an answer
---@field finish? string
---@field usage? table
---@field cost? table
---@field error? table
---@field notes? string[] what happened on the way
---@field left_out? table what did not fit the model
---@field masked? integer likely secrets that the model was not shown
---@field head? integer extmark at the heading
---@field tail? integer extmark at the end of an answer's text
---@field thinking? integer[] extmarks around the model's reasoning
---@field writing? 'text'|'reasoning' what the tail stands behind

---@class dragoman.chat.Placed
---@field section dragoman.chat.Section
---@field row integer 0-based row of the heading
---@field tail? {[1]: integer, [2]: integer} of an answer: where its text ends
---@field thinking? {[1]: integer, [2]: integer}[] first and last rows of its reasoning

---@param model? string
---@return string
function M.answer_heading(model)
  local name = model and text.one_line(model, 120) or ''
  return '## ' .. (name ~= '' and name or 'Answer')
end

---@param lines string[]
---@param more string[]
local function extend(lines, more)
  for _, line in ipairs(more) do
    lines[#lines + 1] = line
  end
end

---@param turn table as `dragoman/chat/get` has it
---@return dragoman.chat.Section
local function answer_of(turn)
  return {
    kind = 'answer',
    turn = turn.id,
    heading = M.answer_heading(turn.model),
    model = turn.model,
    state = turn.status or 'complete',
    finish = turn.finishReason,
    usage = turn.usage,
    cost = turn.cost,
    error = turn.error,
    left_out = turn.leftOut,
    notes = {},
  }
end

--- What a question says: its lines without the heading and without blank lines at both ends.
---@param lines string[]
---@param heading string
---@return string
function M.prompt(lines, heading)
  local first, last = 1, #lines
  if lines[1] and vim.trim(lines[1]) == heading then
    first = 2
  end
  while first <= last and not lines[first]:find('%S') do
    first = first + 1
  end
  while last >= first and not lines[last]:find('%S') do
    last = last - 1
  end
  return table.concat(lines, '\n', first, last)
end

--- All turns, one after the other, and an empty question at the end.
---@param turns table[] as `dragoman/chat/get` has them
---@param draft? string what stands in that question
---@return string[] lines
---@return dragoman.chat.Placed[]
function M.render(turns, draft)
  local lines, placed = {}, {}
  for _, turn in ipairs(turns) do
    local prompt = text.lines(turn.prompt or '')
    local question = {
      kind = 'question',
      turn = turn.id,
      heading = M.kYou,
      context = turn.context or {},
      sent = M.prompt(prompt, M.kYou),
    }
    placed[#placed + 1] = { section = question, row = #lines }
    extend(lines, { M.kYou, '' })
    extend(lines, prompt)
    lines[#lines + 1] = ''

    local answer = answer_of(turn)
    local place = { section = answer, row = #lines }
    extend(lines, { answer.heading, '' })
    if type(turn.reasoning) == 'string' and turn.reasoning ~= '' then
      local first = #lines
      for _, line in ipairs(text.lines(turn.reasoning)) do
        lines[#lines + 1] = '> ' .. line
      end
      place.thinking = { { first, #lines - 1 } }
      lines[#lines + 1] = ''
    end
    extend(lines, text.lines(turn.text or ''))
    place.tail = { #lines - 1, #lines[#lines] }
    lines[#lines + 1] = ''
    placed[#placed + 1] = place
  end
  placed[#placed + 1] = { section = { kind = 'question', heading = M.kYou }, row = #lines }
  extend(lines, { M.kYou, '' })
  extend(lines, vim.split(draft or '', '\n', { plain = true }))
  return lines, placed
end

--- The section that holds `row`, by its index; the first one for a row above all.
---@param placed dragoman.chat.Placed[] by row
---@param row integer 0-based
---@return integer
function M.index_at(placed, row)
  local low, high = 1, #placed
  while low < high do
    local middle = math.ceil((low + high) / 2)
    if placed[middle].row <= row then
      low = middle
    else
      high = middle - 1
    end
  end
  return low
end

---@class dragoman.chat.FoldStep From this row on these levels hold.
---@field row integer 0-based
---@field at string 'foldexpr' of the row itself
---@field after string of the rows below

--- Fold levels: a turn is a fold, its reasoning a fold in it, the question being written is none.
---@param placed dragoman.chat.Placed[]
---@return dragoman.chat.FoldStep[] by row
function M.fold_steps(placed)
  local steps = {}
  for i, one in ipairs(placed) do
    if one.section.kind == 'question' then
      local level = i == #placed and '0' or '1'
      steps[#steps + 1] = { row = one.row, at = level == '0' and '0' or '>1', after = level }
    end
    for _, rows in ipairs(one.thinking or {}) do
      steps[#steps + 1] = { row = rows[1], at = '>2', after = '2' }
      steps[#steps + 1] = { row = rows[2] + 1, at = '1', after = '1' }
    end
  end
  return steps
end

---@param steps dragoman.chat.FoldStep[]
---@param row integer 0-based
---@return string
function M.fold_level(steps, row)
  local low, high = 0, #steps
  while low < high do
    local middle = math.ceil((low + high) / 2)
    if steps[middle].row <= row then
      low = middle
    else
      high = middle - 1
    end
  end
  local step = steps[low]
  return not step and '0' or (step.row == row and step.at or step.after)
end

return M
