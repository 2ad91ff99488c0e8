--- A conversation read from the daemon into its buffer, and what a buffer holds that the daemon
--- does not: questions that were not sent or not taken, an answer under way, cursors. Reading again
--- loses none of it.

local client = require('dragoman.client')
local notes = require('dragoman.chat.notes')
local ui = require('dragoman.ui')

local api = vim.api

local M = {}

--- What the answer under way holds so far, as a turn of `dragoman/chat/get`.
---@param running dragoman.chat.Running
---@return table
local function turn_under_way(running)
  return {
    id = running.answer.turn,
    text = running.kept .. table.concat(running.text),
    reasoning = table.concat(running.reasoning),
    model = running.answer.model,
    status = 'running',
  }
end

--- What was written and not sent, or not taken: the daemon does not know it.
---@param one dragoman.chat.Conversation
---@return string
function M.unsent(one)
  local parts = {}
  for _, section in ipairs(one.page.sections) do
    local asked = one.running and one.running.question == section
    local unsent = section.kind == 'question' and not section.turn and not asked
    if unsent and (one.id or section == one.page:draft()) then
      local prompt = one.page:prompt(section)
      parts[#parts + 1] = prompt ~= '' and prompt or nil
    end
  end
  return table.concat(parts, '\n\n')
end

--- The turns as this buffer has or had them, less one that is being asked.
---@param one dragoman.chat.Conversation
---@return table[]
local function known_turns(one)
  if one.kept then
    return one.kept.turns
  end
  local all = one.page:snapshot(one.running and one.running.question)
  return vim.tbl_filter(function(turn)
    return turn.id ~= nil or one.id == nil -- what was not taken is in unsent()
  end, all)
end

---@param one dragoman.chat.Conversation
---@param list table[]
local function show(one, list)
  local kept = one.kept or { draft = M.unsent(one), cursors = {} }
  one.kept = nil
  local running = one.running
  for _, turn in ipairs(list) do
    turn.status = turn.status == 'running' and 'elsewhere' or turn.status
  end
  if running then
    running.stream.flush()
    local live = turn_under_way(running)
    if not live.id then -- the daemon has not said yet that it took the question
      live.prompt = running.prompt
      list[#list + 1] = live
    end
    for i, turn in ipairs(list) do
      if turn.id == live.id and live.id then
        -- What an earlier attempt thought is known to the daemon alone.
        live.reasoning = running.kept ~= '' and turn.reasoning or live.reasoning
        list[i] = vim.tbl_extend('force', turn, live)
        list[i].finishReason = nil
      end
    end
  end
  one.page:load(list, kept.draft)
  local count = api.nvim_buf_line_count(one.buf)
  for _, win in ipairs(vim.fn.win_findbuf(one.buf)) do
    local cursor = kept.cursors[win] or { count, 0 }
    api.nvim_win_set_cursor(win, { math.min(cursor[1], count), cursor[2] })
  end
  if running then
    local question, answer = one.page:turn(running.answer.turn)
    if not running.answer.turn then
      answer = one.page:beside(one.page:draft(), -1)
      question = one.page:beside(answer, -1)
    end
    if answer then
      answer.notes = running.answer.notes
      running.question, running.answer = question, answer
      notes.draw(one.page, answer)
    end
  end
end

--- Reads the conversation from the daemon and shows it, with what is being written below. An answer
--- under way goes on.
---@param one dragoman.chat.Conversation
---@param done? fun(err: dragoman.Error?)
function M.load(one, done)
  done = done or function() end
  if not one.id then
    show(one, known_turns(one))
    return done()
  end
  vim.bo[one.buf].modifiable = false -- what was typed now would be lost
  client.request('dragoman/chat/get', { conversation = one.id }, {}, function(err, result)
    if not one.page:alive() then
      return done(err)
    end
    vim.bo[one.buf].modifiable = true
    if err then
      show(one, known_turns(one))
      one:refuse(one.page:draft(), ui.describe(err))
      return done(err)
    end
    one:set_title(result.title)
    show(one, result.turns)
    done()
  end)
end

--- Remembers what is in a buffer that is about to be unloaded.
---@param one dragoman.chat.Conversation
function M.keep(one)
  if one.page.away then
    return -- what was there before it is being read is kept already
  end
  local cursors = {}
  for _, win in ipairs(vim.fn.win_findbuf(one.buf)) do
    cursors[win] = api.nvim_win_get_cursor(win)
  end
  one.kept = { draft = M.unsent(one), turns = known_turns(one), cursors = cursors }
  one.page.away = true
end

return M
