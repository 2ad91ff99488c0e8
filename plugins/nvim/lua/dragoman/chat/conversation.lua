--- One conversation and its buffer: what is asked, what is under way, and what its reader does to
--- turns.
---
--- The daemon keeps conversations; a buffer is a view of one. There is at most one request under
--- way per conversation. A question that the daemon did not take (nothing was begun) stays in the
--- text and can be sent again; an answer that was cut, broken or cancelled keeps what had arrived.

local client = require('dragoman.client')
local context = require('dragoman.chat.context')
local notes = require('dragoman.chat.notes')
local page = require('dragoman.chat.page')
local reload = require('dragoman.chat.reload')
local stream = require('dragoman.chat.stream')
local text = require('dragoman.chat.text')
local turns = require('dragoman.chat.turns')
local ui = require('dragoman.ui')

local api = vim.api

local M = {}

local kCancelled = -32800
local kInvalidParams = -32602

---@class dragoman.chat.Running
---@field request dragoman.Request
---@field stream dragoman.chat.Stream
---@field prompt string
---@field question dragoman.chat.Section
---@field answer dragoman.chat.Section
---@field clean {text: fun(piece: string): string, reasoning: fun(piece: string): string}
---@field text string[] pieces that came
---@field reasoning string[]
---@field kept string text of the answer from before, when it is continued
---@field begun boolean

---@class dragoman.chat.Kept
---@field draft string
---@field turns table[] of a conversation that the daemon does not have
---@field cursors table<integer, integer[]> by window

---@class dragoman.chat.Conversation
---@field buf integer
---@field page dragoman.chat.Page
---@field id? string the daemon's; nil until its first question was taken
---@field title? string
---@field source? integer the buffer that code goes to and that `#file` means
---@field running? dragoman.chat.Running
---@field starting? boolean a question waits for the daemon
---@field kept? dragoman.chat.Kept what stood in the buffer when it was unloaded
local Conversation = {}
Conversation.__index = Conversation

local by_buf = {} ---@type table<integer, dragoman.chat.Conversation>

---@param buf? integer the current one unless told
---@return dragoman.chat.Conversation?
function M.of(buf)
  return by_buf[buf or api.nvim_get_current_buf()]
end

---@param id string
---@return dragoman.chat.Conversation?
function M.by_id(id)
  for _, one in pairs(by_buf) do
    if one.id == id then
      return one
    end
  end
end

--- Makes `buf` the view of a conversation: `id`, or a new one. Its text is not touched yet.
---@param buf integer
---@param id? string
---@return dragoman.chat.Conversation
function M.attach(buf, id)
  local self = by_buf[buf]
  if not self then
    self = setmetatable({ buf = buf, page = page.new(buf), id = id }, Conversation)
    by_buf[buf] = self
  end
  return self
end

---@param pattern string
---@param data table
local function announce(pattern, data)
  api.nvim_exec_autocmds('User', { pattern = pattern, modeline = false, data = data })
end

--- The model this buffer asks, where it has one of its own (`b:dragoman_model`).
---@return string?
function Conversation:model()
  local model = api.nvim_buf_is_valid(self.buf) and vim.b[self.buf].dragoman_model
  return type(model) == 'string' and model ~= '' and model or nil
end

---@return string?
function Conversation:source_uri()
  local source = self.source
  if source and api.nvim_buf_is_valid(source) and vim.bo[source].buftype == '' then
    local name = api.nvim_buf_get_name(source)
    return name ~= '' and vim.uri_from_fname(name) or nil
  end
end

---@return integer?
function Conversation:source_buffer()
  local source = self.source
  return source and api.nvim_buf_is_loaded(source) and source or nil
end

--- Sends the question that `row` is in: the one being written, or an earlier one again, which
--- replaces its answer and what came after. One that has its answer and was not changed is sent
--- only when `again` says so.
---@param row integer 0-based
---@param again? boolean
function Conversation:send(row, again)
  if self.running then
    return ui.warn('an answer is being written; wait for its end, or stop it')
  elseif self.page.away then
    return ui.warn('the conversation is being read')
  end
  local section = self.page:at(row)
  if section and section.kind == 'answer' then
    section = self.page:draft() -- who reads an answer and sends means what was written below
  end
  if not section then
    return
  end
  local answer = self.page:beside(section, 1)
  local answered = answer and answer.state == 'complete'
  if answered and not again and self.page:prompt(section) == section.sent then
    return ui.info('this question has its answer; `:Dragoman chat regenerate` asks it again')
  end
  self:confirm_loss(section, 'Asking again', function()
    self:ask(section)
  end)
end

--- Calls `go` at once where no turn behind `section`'s own would be lost, else once that was
--- approved.
---@param section dragoman.chat.Section
---@param what string
---@param go fun()
function Conversation:confirm_loss(section, what, go)
  local lost, behind = 0, false
  for _, one in ipairs(self.page.sections) do
    if behind and one.kind == 'question' and one.turn then
      lost = lost + 1
    end
    behind = behind or one == section
  end
  if lost == 0 then
    return go()
  end
  ui.confirm(
    ('%s here deletes the %s below. A fork keeps them. Go on?'):format(
      what,
      lost == 1 and 'turn' or lost .. ' turns'
    ),
    function(yes)
      if yes and not self.running and not self.page.away then
        go()
      end
    end
  )
end

--- Sends a question. One that names a selection waits for the daemon, because how characters are
--- counted is agreed on with it.
---@param question dragoman.chat.Section
function Conversation:ask(question)
  if self.starting then
    return
  end
  local counts = self.page:prompt(question):find('#selection', 1, true)
  if client.attached() or not counts then
    return self:ask_now(question)
  end
  self.starting = true
  client.start(self:source_uri() and self.source or nil, function(err)
    self.starting = nil
    if self.page.away or not self.page:alive() then
      return
    end
    if err then
      return self:refuse(question, ui.describe(err))
    end
    self:ask_now(question)
  end)
end

---@param question dragoman.chat.Section
function Conversation:ask_now(question)
  local prompt = self.page:prompt(question)
  if not prompt:find('%S') then
    return ui.warn('write a question first')
  end
  local items, wrong = context.resolve(prompt, {
    source = self:source_buffer(),
    before = question.turn and question.context,
  })
  if not items then
    return self:refuse(question, wrong --[[@as string]])
  end
  local was_draft = question == self.page:draft()
  local at_end = was_draft and self:windows_at(question) or {}
  question.notes = {}
  local answer = self.page:begin_answer(question)
  for _, win in ipairs(at_end) do
    api.nvim_win_set_cursor(win, { api.nvim_buf_line_count(self.buf), 0 })
  end
  question.context, question.sent = items, prompt
  notes.draw(self.page, question)
  self:start(question, answer, { prompt = prompt, context = items, replaceTurn = question.turn })
  if self.page:alive() then
    vim.bo[self.buf].modified = reload.unsent(self) ~= ''
  end
end

--- The windows whose cursor is in a section.
---@param section dragoman.chat.Section
---@return integer[]
function Conversation:windows_at(section)
  return vim.tbl_filter(function(win)
    return self.page:at(api.nvim_win_get_cursor(win)[1] - 1) == section
  end, vim.fn.win_findbuf(self.buf))
end

--- Says beside a question why it is not sent.
---@param question dragoman.chat.Section
---@param why string
function Conversation:refuse(question, why)
  question.notes = { why }
  notes.draw(self.page, question)
  ui.warn(why)
end

--- Lets the model go on with an answer that is not whole.
---@param answer dragoman.chat.Section
function Conversation:continue(answer)
  if self.running then
    return ui.warn('an answer is being written; wait for its end, or stop it')
  end
  local question = self.page:beside(answer, -1) ---@type dragoman.chat.Section?
  if not answer.turn or not question then
    return ui.warn('there is nothing to continue here; send the question again')
  elseif answer.error and (answer.error.data or {}).kind == 'daemonEnded' then
    -- It knows the question only: what it would write is a whole answer.
    return ui.warn('the daemon ended before it kept this answer; send the question again')
  end
  self:confirm_loss(question, 'Going on', function()
    self.page:drop_behind(answer)
    answer.error, answer.state, answer.notes = nil, 'running', {}
    self:start(question, answer, { prompt = '', replaceTurn = answer.turn, continue = true })
  end)
end

--- Sends and follows what comes back.
---@param question dragoman.chat.Section
---@param answer dragoman.chat.Section
---@param params table
function Conversation:start(question, answer, params)
  local uri = self:source_uri()
  params.conversation = self.id
  params.replaceTurn = self.id and params.replaceTurn or nil
  params.textDocument = uri and { uri = uri } or nil
  params.model = self:model()
  local running ---@type dragoman.chat.Running
  running = {
    prompt = params.prompt,
    question = question,
    answer = answer,
    clean = { text = text.cleaner(), reasoning = text.cleaner() },
    text = {},
    reasoning = {},
    kept = params.continue and self.page:answer_text(answer) or '',
    begun = false,
    stream = stream.new(function(runs)
      self.page:append(running.answer, runs)
      self:ease()
    end),
  }
  self.running = running
  notes.draw(self.page, answer)
  local request = client.request('dragoman/chat/send', params, {
    bufnr = uri and self.source or nil,
    on_event = function(event)
      if self.running == running then
        self:on_event(running, event)
      end
    end,
  }, function(err, result)
    if self.running == running then
      self:on_end(running, err, result)
    end
  end)
  running.request = request
end

---@param running dragoman.chat.Running
---@param event table
function Conversation:on_event(running, event)
  local answer = running.answer
  if event.kind == 'text' or event.kind == 'reasoning' then
    local piece = running.clean[event.kind](event.text)
    table.insert(running[event.kind], piece)
    running.stream.push(event.kind, piece)
    return
  end
  if event.kind == 'begin' then
    self:on_begin(running, event)
  elseif event.kind == 'fallback' then
    answer.model = event.model
    self.page:set_heading(answer, turns.answer_heading(event.model))
  end
  answer.left_out = event.leftOut or answer.left_out
  answer.masked = event.masked or answer.masked
  local note = text.note(event)
  if note then
    answer.notes[#answer.notes + 1] = note
  end
  notes.draw(self.page, answer)
end

---@param running dragoman.chat.Running
---@param event {conversation: string, turn: string, model: string}
function Conversation:on_begin(running, event)
  local answer = running.answer
  running.begun = true
  running.question.turn, answer.turn, answer.model = event.turn, event.turn, event.model
  self.page:set_heading(answer, turns.answer_heading(event.model))
  if not self.id then
    self.id = event.conversation
    self:set_title(text.one_line(self.page:prompt(running.question), 60))
    require('dragoman.chat.view').rename(self)
  end
  announce('DragomanChatStart', {
    buf = self.buf,
    conversation = event.conversation,
    turn = event.turn,
    model = event.model,
  })
end

---@param running dragoman.chat.Running
---@param err dragoman.Error?
---@param result table?
function Conversation:on_end(running, err, result)
  local answer = running.answer
  running.stream.close()
  self.running = nil
  if err then
    answer.state = err.code == kCancelled and 'cancelled' or 'failed'
    answer.error = err
    if not running.begun and err.code == kInvalidParams then
      self:explain(running, err.message)
    end
  else
    answer.state, answer.finish, answer.model = 'complete', result.finishReason, result.model
    answer.usage, answer.cost = result.usage, result.cost
    answer.left_out, answer.masked = result.leftOut, result.masked
    self.page:set_heading(answer, turns.answer_heading(result.model))
  end
  notes.draw(self.page, answer)
  self.page:settle()
  self:ease()
  announce('DragomanChatEnd', {
    buf = self.buf,
    conversation = self.id,
    turn = answer.turn,
    model = answer.model,
    state = answer.state,
    error = answer.error,
  })
end

--- What to do where the daemon knows less than this buffer: another window deleted the
--- conversation, or replaced the turn.
---@param running dragoman.chat.Running
---@param message string
function Conversation:explain(running, message)
  local answer = running.answer
  if message:find('^unknown turn') then
    running.question.turn = nil
    answer.error = {
      code = kInvalidParams,
      message = 'This turn was replaced in another window.',
      data = {
        kind = 'gone',
        hint = '`:edit` reads the conversation again and keeps what was not sent.',
      },
    }
  elseif message:find('^unknown conversation') then
    -- The text stays, and what is sent next begins a new one.
    self.id = nil
    for _, section in ipairs(self.page.sections) do
      section.turn = nil
    end
    answer.error = {
      code = kInvalidParams,
      message = 'The daemon has no such conversation: it was deleted, or never kept.',
      data = {
        kind = 'gone',
        hint = 'Send again to begin a new one, which knows nothing of what stands above.',
      },
    }
  end
end

--- Ends the answer under way; what arrived stays.
---@return boolean whether there was one
function Conversation:stop()
  local running = self.running
  if not running then
    return false
  end
  if running.request then
    running.request.cancel()
  end
  return true
end

--- Stops what costs too much once the text is long.
function Conversation:ease()
  if self.page:alive() then
    require('dragoman.chat.view').ease(self.buf)
  end
end

---@param title string
function Conversation:set_title(title)
  self.title = title
  vim.b[self.buf].dragoman_title = title
  require('dragoman.chat.view').retitle(self.buf)
end

--- The buffer was unloaded or wiped out: ends what is under way. Where it is read again at once,
--- nothing ends.
function Conversation:unloading()
  reload.keep(self)
  vim.schedule(function()
    if self.page:alive() then
      return
    end
    self:stop()
    if not api.nvim_buf_is_valid(self.buf) then
      by_buf[self.buf] = nil
    end
  end)
end

return M
