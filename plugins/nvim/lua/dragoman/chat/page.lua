--- The text of one chat buffer, and the marks in it.
---
--- The buffer is ordinary text that its reader may change anywhere at any time. Extmarks are the
--- only truth about where turns begin and where an answer is being written, so every position is
--- asked for anew before it is used; what was deleted leaves an empty section behind. The last
--- section is always the question being written.
---
--- Writing never sets the whole buffer but when a conversation is loaded, moves no cursor and no
--- view but those that follow the end, and makes one undo step of an answer, apart from what its
--- reader types meanwhile.

local follow = require('dragoman.chat.follow')
local notes = require('dragoman.chat.notes')
local turns = require('dragoman.chat.turns')

local api = vim.api

local M = {}

-- Where sections begin, end and think.
local kMarks = api.nvim_create_namespace('dragoman.chat.turns')

---@class dragoman.chat.Page
---@field buf integer
---@field sections dragoman.chat.Section[] in the order of the text
---@field last_write? integer changenr() after the newest write of the answer under way
---@field away boolean the text was unloaded and is being read: no mark means anything
---@field revision integer counts changes of sections and marks
local Page = {}
Page.__index = Page

---@param buf integer
---@return dragoman.chat.Page
function M.new(buf)
  return setmetatable({ buf = buf, sections = {}, revision = 0, away = true }, Page)
end

---@return boolean
function Page:alive()
  return api.nvim_buf_is_valid(self.buf) and api.nvim_buf_is_loaded(self.buf)
end

---@param id? integer
---@return integer? row
---@return integer? col
---@return integer? end_row
function Page:mark(id)
  if not id or self.away or not self:alive() then
    return
  end
  local at = api.nvim_buf_get_extmark_by_id(self.buf, kMarks, id, { details = true })
  if at[1] then
    return at[1], at[2], at[3].end_row
  end
end

--- Where an answer's text ends. The mark of deleted text may stand behind the end of its line or of
--- the buffer.
---@param answer dragoman.chat.Section
---@return integer? row
---@return integer? col
function Page:tail(answer)
  local row, col = self:mark(answer.tail)
  if not row then
    return
  end
  local last = api.nvim_buf_line_count(self.buf) - 1
  local at = math.min(row, last)
  local line = api.nvim_buf_get_lines(self.buf, at, at + 1, false)[1]
  return at, row > last and #line or math.min(col, #line)
end

--- The sections with the rows they have now, by row.
---@return dragoman.chat.Placed[]
function Page:placed()
  local marks = {}
  if self.away or not self:alive() then
    return {}
  end
  for _, mark in ipairs(api.nvim_buf_get_extmarks(self.buf, kMarks, 0, -1, { details = true })) do
    marks[mark[1]] = mark
  end
  local out = {}
  for _, section in ipairs(self.sections) do
    local head = marks[section.head]
    if head then
      local one = { section = section, row = head[2] } ---@type dragoman.chat.Placed
      local tail = marks[section.tail]
      one.tail = tail and { tail[2], tail[3] }
      for _, id in ipairs(section.thinking or {}) do
        local mark = marks[id]
        if mark then
          one.thinking = one.thinking or {}
          table.insert(one.thinking, { mark[2], mark[4].end_row or mark[2] })
        end
      end
      out[#out + 1] = one
    end
  end
  return out
end

--- The section a row belongs to, and its index among the placed ones.
---@param row integer 0-based
---@return dragoman.chat.Section?
---@return integer index
---@return dragoman.chat.Placed[]
function Page:at(row)
  local placed = self:placed()
  local index = turns.index_at(placed, row)
  return placed[index] and placed[index].section, index, placed
end

--- First row and the row behind the last one of a section.
---@param section dragoman.chat.Section
---@return integer? first
---@return integer? behind
function Page:rows(section)
  local placed = self:placed()
  for i, one in ipairs(placed) do
    if one.section == section then
      local behind = placed[i + 1] and placed[i + 1].row or api.nvim_buf_line_count(self.buf)
      return one.row, behind
    end
  end
end

---@param section dragoman.chat.Section
---@return string[]
function Page:lines(section)
  local first, behind = self:rows(section)
  return first and api.nvim_buf_get_lines(self.buf, first, behind, false) or {}
end

---@param question dragoman.chat.Section
---@return string
function Page:prompt(question)
  return turns.prompt(self:lines(question), question.heading)
end

--- The question being written.
---@return dragoman.chat.Section
function Page:draft()
  return self.sections[#self.sections]
end

--- The section before or behind another.
---@param section dragoman.chat.Section
---@param step integer
---@return dragoman.chat.Section?
function Page:beside(section, step)
  for i, one in ipairs(self.sections) do
    if one == section then
      return self.sections[i + step]
    end
  end
end

---@param row integer
---@param col integer
---@param opts? vim.api.keyset.set_extmark
---@return integer
function Page:set_mark(row, col, opts)
  self.revision = self.revision + 1
  return api.nvim_buf_set_extmark(self.buf, kMarks, row, col, opts or {})
end

--- Changes text by `change`, as a part of the undo step of the answer under way where nobody else
--- wrote in between.
---@param row integer whose followers follow
---@param change fun()
---@param opts? {joined?: boolean} false: it begins a step
function Page:write(row, change, opts)
  if self.away or not self:alive() then
    return
  end
  local following = follow.followers(self.buf, row)
  local modified, modifiable = vim.bo[self.buf].modified, vim.bo[self.buf].modifiable
  vim.bo[self.buf].modifiable = true
  api.nvim_buf_call(self.buf, function()
    local joined = self.last_write == vim.fn.changenr() and not (opts and opts.joined == false)
    if joined then
      pcall(vim.cmd, 'silent! undojoin')
    else
      vim.bo.undolevels = vim.bo.undolevels -- closes the step under way, as |undo-break| says
    end
    change()
    vim.bo.undolevels = vim.bo.undolevels
    self.last_write = vim.fn.changenr()
  end)
  vim.bo[self.buf].modified, vim.bo[self.buf].modifiable = modified, modifiable
  for _, win in ipairs(following) do
    follow.show_cursor(win)
  end
end

--- Shows a whole conversation. What stood there goes, with its undo history; cursors stay on their
--- lines.
---@param conversation table[] turns as `dragoman/chat/get` has them
---@param draft string
function Page:load(conversation, draft)
  local lines, placed = turns.render(conversation, draft)
  local buf = self.buf
  local levels = vim.bo[buf].undolevels
  vim.bo[buf].undolevels = -1
  api.nvim_buf_clear_namespace(buf, kMarks, 0, -1)
  notes.clear(buf)
  api.nvim_buf_set_lines(buf, 0, -1, false, lines)
  vim.bo[buf].undolevels = levels
  vim.bo[buf].modified = draft:find('%S') ~= nil
  self.last_write, self.sections, self.away = nil, {}, false
  for i, one in ipairs(placed) do
    local section = one.section
    section.head = self:set_mark(one.row, 0)
    if one.tail then
      section.tail = self:set_mark(one.tail[1], one.tail[2])
      section.writing = 'text'
    end
    for _, rows in ipairs(one.thinking or {}) do
      local ending = { end_row = rows[2], end_col = #lines[rows[2] + 1] }
      section.thinking = { self:set_mark(rows[1], 0, ending) }
    end
    self.sections[i] = section
    notes.draw(self, section)
  end
  self.revision = self.revision + 1
  self:refold()
end

--- Takes sections `from` to `to` out of the text and the list.
---@param from integer
---@param to integer
function Page:drop(from, to)
  if to < from then
    return
  end
  local first = self:rows(self.sections[from])
  local _, behind = self:rows(self.sections[to])
  self.revision = self.revision + 1
  for i = to, from, -1 do
    local section = table.remove(self.sections, i)
    for _, id in ipairs({ section.head, section.tail, unpack(section.thinking or {}) }) do
      api.nvim_buf_del_extmark(self.buf, kMarks, id)
      notes.clear(self.buf, id)
    end
  end
  if first and behind then
    api.nvim_buf_set_lines(self.buf, first, behind, false, {})
  end
end

--- Makes room for the answer to `question`: what stood between it and the question being written
--- goes. A question that was being written gets an empty one behind it.
---@param question dragoman.chat.Section
---@return dragoman.chat.Section answer
function Page:begin_answer(question)
  local answer = {
    kind = 'answer',
    heading = turns.answer_heading(),
    state = 'running',
    notes = {},
  } ---@type dragoman.chat.Section
  self:write(api.nvim_buf_line_count(self.buf), function()
    local was_draft = question == self:draft()
    local index = 0
    for i, one in ipairs(self.sections) do
      index = one == question and i or index
    end
    if not was_draft then
      self:drop(index + 1, #self.sections - 1)
    end
    local first, behind = self:rows(question)
    local lines = api.nvim_buf_get_lines(self.buf, first, behind, false)
    local used = #lines
    while used > 1 and not lines[used]:find('%S') do
      used = used - 1
    end
    local row = first + used
    local block = { '', answer.heading, '', '', '' }
    if was_draft then
      vim.list_extend(block, { turns.kYou, '', '' })
    end
    api.nvim_buf_set_lines(self.buf, row, behind, false, block)
    answer.head = self:set_mark(row + 1, 0)
    answer.tail = self:set_mark(row + 3, 0)
    table.insert(self.sections, index + 1, answer)
    local draft_row = row + #block - (was_draft and 3 or 0)
    if was_draft then
      self.sections[index + 2] =
        { kind = 'question', heading = turns.kYou, head = self:set_mark(draft_row, 0) }
    else
      self:set_mark(draft_row, 0, { id = self:draft().head })
    end
  end, { joined = false })
  self.revision = self.revision + 1
  self:refold() -- a question that was no fold while it was written is one now
  return answer
end

--- Another first line for a section, unless its reader changed that line.
---@param section dragoman.chat.Section
---@param heading string
function Page:set_heading(section, heading)
  local row = self:mark(section.head)
  local line = row and api.nvim_buf_get_lines(self.buf, row, row + 1, false)[1]
  if line ~= section.heading or heading == section.heading then
    return
  end
  self:write(math.huge, function()
    api.nvim_buf_set_text(self.buf, row, 0, row, #line, { heading })
    self:set_mark(row, 0, { id = section.head })
  end)
  section.heading = heading
end

--- Inserts at the end of an answer's text.
---@param answer dragoman.chat.Section
---@param piece string
function Page:insert(answer, piece)
  local row, col = self:tail(answer)
  if row then
    local lines = vim.split(piece, '\n', { plain = true })
    api.nvim_buf_set_text(self.buf, row, col, row, col, lines)
  end
end

--- Begins or ends a stretch of reasoning at the end of an answer's text, so that `kind` may follow.
---@param answer dragoman.chat.Section
---@param kind 'text'|'reasoning'
function Page:turn_to(answer, kind)
  if answer.writing == kind then
    return
  end
  if answer.writing == 'reasoning' then
    -- The fold ends here: its mark grows no more.
    local id = answer.thinking[#answer.thinking]
    local row, col, end_row = self:mark(id)
    local tail_row, tail_col = self:tail(answer)
    if row and tail_row then
      local last = math.max(row, math.min(end_row or row, tail_row))
      self:set_mark(row, col, {
        id = id,
        end_row = last,
        end_col = last == tail_row and tail_col or 0,
        strict = false,
      })
    end
  end
  if answer.writing ~= nil then
    self:insert(answer, '\n\n')
  end
  if kind == 'reasoning' then
    local row, col = self:tail(answer)
    self:insert(answer, '> ')
    local end_row, end_col = self:tail(answer)
    local id = self:set_mark(row, col, {
      end_row = end_row,
      end_col = end_col,
      end_right_gravity = true,
      right_gravity = false,
    })
    answer.thinking = answer.thinking or {}
    table.insert(answer.thinking, id)
  end
  answer.writing = kind
end

--- Adds what came to an answer.
---@param answer dragoman.chat.Section
---@param runs {kind: 'text'|'reasoning', text: string}[]
function Page:append(answer, runs)
  local row = self:tail(answer)
  if not row then
    return
  end
  local following = {} -- of those whose cursor is on the very line that grows
  local typing = api.nvim_get_mode().mode:find('^[iR]') and api.nvim_get_current_win()
  for _, win in ipairs(vim.fn.win_findbuf(self.buf)) do
    if win ~= typing and api.nvim_win_get_cursor(win)[1] - 1 == row then
      following[#following + 1] = win
    end
  end
  self:write(row, function()
    for _, run in ipairs(runs) do
      self:turn_to(answer, run.kind)
      self:insert(answer, run.kind == 'reasoning' and run.text:gsub('\n', '\n> ') or run.text)
    end
    local now = self:tail(answer)
    for _, win in ipairs(following) do
      if now and now ~= row then
        api.nvim_win_set_cursor(win, { now + 1, 0 })
      end
    end
  end)
end

--- Takes out what stands between an answer and the question being written.
---@param answer dragoman.chat.Section
function Page:drop_behind(answer)
  for i, one in ipairs(self.sections) do
    if one == answer and i + 1 < #self.sections then
      return self:write(math.huge, function()
        self:drop(i + 1, #self.sections - 1)
      end, { joined = false })
    end
  end
end

--- Evaluates all folds anew: Neovim does so only for lines that change, not at all in Insert mode,
--- and 0.10 loses the beginning of a fold that grows.
function Page:refold()
  if not self:alive() then
    return
  end
  local function now()
    follow.refold(self.buf)
  end
  if api.nvim_get_mode().mode:find('^[iR]') then
    api.nvim_create_autocmd('InsertLeave', { once = true, buffer = self.buf, callback = now })
  else
    now()
  end
end

--- An answer is whole: the next write begins an undo step, and folds that could not follow do.
function Page:settle()
  self.last_write = nil
  self:refold()
end

--- The text of an answer as it stands in the buffer, without its reasoning.
---@param answer dragoman.chat.Section
---@return string
function Page:answer_text(answer)
  local head = self:mark(answer.head)
  local tail, col = self:tail(answer)
  if not head or not tail or head > tail then
    return '' -- its heading is gone, and with it what was its own
  end
  local lines = api.nvim_buf_get_text(self.buf, head, 0, tail, col, {})
  local skip = { true, true } -- the heading and the blank line below it
  for _, id in ipairs(answer.thinking or {}) do
    local first, _, last = self:mark(id)
    for row = first or 1, first and (last or first) + 1 or 0 do
      skip[row - head + 1] = true
    end
  end
  local out = {}
  for i, line in ipairs(lines) do
    if not skip[i] then
      out[#out + 1] = line
    end
  end
  return table.concat(out, '\n')
end

--- What the text says, as turns of `dragoman/chat/get`: the questions that were sent, and their
--- answers.
---@param except? dragoman.chat.Section a question to leave out
---@return table[]
function Page:snapshot(except)
  local out = {}
  for i, question in ipairs(self.sections) do
    local answer = self.sections[i + 1]
    if question.kind == 'question' and answer and question ~= except then
      out[#out + 1] = {
        id = question.turn,
        prompt = self:prompt(question),
        context = question.context,
        text = self:answer_text(answer),
        model = answer.model,
        status = answer.state ~= 'complete' and answer.state or nil,
        finishReason = answer.finish,
        usage = answer.usage,
        cost = answer.cost,
        error = answer.error,
      }
    end
  end
  return out
end

--- The question and the answer of a turn.
---@param id? string
---@return dragoman.chat.Section? question
---@return dragoman.chat.Section? answer
function Page:turn(id)
  local question, answer
  for _, one in ipairs(self.sections) do
    if id and one.turn == id then
      question = one.kind == 'question' and one or question
      answer = one.kind == 'answer' and one or answer
    end
  end
  return question, answer
end

return M
