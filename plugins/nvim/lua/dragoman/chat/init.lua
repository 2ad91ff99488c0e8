--- Chat: what `:Dragoman chat`, the keys of a chat buffer and other plugins call.

local conversation = require('dragoman.chat.conversation')
local context = require('dragoman.chat.context')
local ui = require('dragoman.ui')
local view = require('dragoman.chat.view')

local api = vim.api

local M = {}

--- The chat of the current buffer; says so where it is none.
---@return dragoman.chat.Conversation?
local function here()
  local one = conversation.of()
  if not one then
    ui.warn('this is no chat; `:Dragoman chat` opens one')
  end
  return one
end

---@return integer row 0-based
local function row()
  return api.nvim_win_get_cursor(0)[1] - 1
end

--- The turn the cursor is in; in the question being written, the newest one.
---@param one dragoman.chat.Conversation
---@return dragoman.chat.Section? question
---@return dragoman.chat.Section? answer
local function turn_here(one)
  local section = one.page:at(row())
  if section == one.page:draft() then
    section = one.page:beside(section, -1)
  end
  if not section then
    ui.warn('there is no answer here')
    return
  end
  if section.kind == 'question' then
    return section, one.page:beside(section, 1)
  end
  return one.page:beside(section, -1), section
end

--- The chat that was used last in this editor and is still there.
---@return integer? buf
local function recent()
  local best, when
  for _, info in ipairs(vim.fn.getbufinfo({ bufloaded = 1 })) do
    local one = conversation.of(info.bufnr)
    if one and not one.page.away and (not when or info.lastused > when) then
      best, when = info.bufnr, info.lastused
    end
  end
  return best
end

--- Puts the cursor to the end, where the next question is written.
---@param win integer
local function to_end(win)
  api.nvim_win_set_cursor(win, { api.nvim_buf_line_count(api.nvim_win_get_buf(win)), 0 })
end

--- Opens a conversation, or a new chat.
---@param id? string
---@return integer buf
function M.open(id)
  local buf = view.buffer(id)
  to_end(view.show(buf))
  return buf
end

--- Writes into the question being written, behind what stands there.
---@param buf integer
---@param lines string[]
local function add_to_draft(buf, lines)
  local one = conversation.of(buf)
  if not one then
    return
  end
  local first, behind = one.page:rows(one.page:draft())
  local there = api.nvim_buf_get_lines(buf, first, behind, false)
  local used = #there
  while used > 1 and not there[used]:find('%S') do
    used = used - 1
  end
  local new = used == 1 and { '' } or {}
  vim.list_extend(new, lines)
  api.nvim_buf_set_lines(buf, first + used, behind, false, new)
end

---@class dragoman.chat.AskOptions
---@field new? boolean in a new chat
---@field range? {[1]: integer, [2]: integer} 1-based lines of the current buffer that go along

--- Opens the chat with what goes along and, where there is a question, sends it.
---@param question string
---@param opts? dragoman.chat.AskOptions
---@return integer buf
function M.ask(question, opts)
  opts = opts or {}
  local source = view.source_here()
  local lines = {}
  if opts.range and source then
    local name = api.nvim_buf_get_name(source)
    if name ~= '' then
      lines[1] = context.word('file', context.shown(name), opts.range)
    else
      local text = api.nvim_buf_get_lines(source, opts.range[1] - 1, opts.range[2], false)
      vim.list_extend(lines, { '```' .. vim.bo[source].filetype })
      vim.list_extend(lines, text)
      vim.list_extend(lines, { '```' })
    end
  end
  local buf = not opts.new and recent() or view.buffer()
  local win = view.show(buf)
  local one = assert(conversation.of(buf))
  one.source = source or one.source
  if question ~= '' then
    vim.list_extend(lines, vim.split(question, '\n', { plain = true }))
  elseif #lines > 0 then
    lines[#lines + 1] = ''
  end
  if #lines > 0 then
    add_to_draft(buf, lines)
  end
  to_end(win)
  if question ~= '' then
    one:send(api.nvim_buf_line_count(buf) - 1)
  end
  return buf
end

--- Sends the question at the cursor: the one being written, or an earlier one again.
function M.send()
  local one = here()
  if one then
    one:send(row())
  end
end

M.submit = M.send

--- Ends the answer under way; what arrived stays.
function M.stop()
  local one = here()
  if one and not one:stop() then
    ui.info('no answer is being written')
  end
end

--- Asks the question of the turn at the cursor once more.
function M.regenerate()
  local one = here()
  local question = one and turn_here(one)
  if one and question then
    local first = one.page:rows(question)
    one:send(first or row(), true)
  end
end

--- Lets the answer at the cursor go on from where it was cut, broken or stopped.
M['continue'] = function()
  local one = here()
  if not one then
    return
  end
  local _, answer = turn_here(one)
  if answer then
    one:continue(answer)
  end
end

--- Opens a copy of the conversation up to and with the turn at the cursor.
function M.fork()
  local one = here()
  local question = one and turn_here(one)
  if not one or not question then
    return
  end
  if not one.id or not question.turn then
    return ui.warn('this turn was not sent yet')
  end
  require('dragoman.chat.history').fork(one.id, question.turn, M.open)
end

--- Moves to the heading of another turn.
---@param step integer
local function jump(step)
  local one = here()
  if not one then
    return
  end
  local at, best = row(), nil
  for _, placed in ipairs(one.page:placed()) do
    if placed.section.kind == 'question' then
      if step > 0 and placed.row > at then
        best = best or placed.row
      elseif step < 0 and placed.row < at then
        best = placed.row
      end
    end
  end
  if best then
    vim.cmd("normal! m'")
    api.nvim_win_set_cursor(0, { math.min(best + 1, api.nvim_buf_line_count(0)), 0 })
  end
end

--- Goes to the next question.
function M.next()
  jump(1)
end

--- Goes to the question before.
function M.prev()
  jump(-1)
end

for _, name in ipairs({ 'yank', 'insert', 'replace', 'diff' }) do
  M[name] = function()
    local one = here()
    if one then
      require('dragoman.chat.apply')[name](one)
    end
  end
end

---@param words string[]
---@return string
local function joined(words)
  return table.concat(words, ' ')
end

---@type table<string, {run: fun(args: string[]), rest?: boolean}> `rest`: it takes words of its own
local subcommands = {
  new = {
    run = function()
      M.open()
    end,
  },
  last = {
    run = function()
      require('dragoman.chat.history').newest(function(head)
        if not head then
          return ui.info('there are no conversations yet')
        end
        M.open(head.id)
      end)
    end,
  },
  list = {
    rest = true,
    run = function(args)
      require('dragoman.chat.history').choose(joined(args), 'Conversations', function(head)
        M.open(head.id)
      end)
    end,
  },
  search = {
    rest = true,
    run = function(args)
      local history = require('dragoman.chat.history')
      local function search(query)
        if query and query ~= '' then
          history.choose(query, ('Conversations with “%s”'):format(query), function(head)
            M.open(head.id)
          end)
        end
      end
      if #args > 0 then
        return search(joined(args))
      end
      ui.input({ prompt = 'Search conversations: ' }, search)
    end,
  },
  rename = {
    rest = true,
    run = function(args)
      require('dragoman.chat.history').rename(joined(args))
    end,
  },
  delete = {
    run = function()
      require('dragoman.chat.history').delete()
    end,
  },
  export = {
    rest = true,
    run = function(args)
      local format = args[1] or 'markdown'
      if format ~= 'markdown' and format ~= 'json' then
        return ui.error(('no format `%s`; there are markdown and json'):format(format))
      end
      require('dragoman.chat.history').export(format)
    end,
  },
}
for _, action in ipairs(view.actions) do
  if action.name ~= 'submit' and action.name ~= 'next' and action.name ~= 'prev' then
    subcommands[action.name] = {
      run = function()
        M[action.name]()
      end,
    }
  end
end

--- `:Dragoman chat`: alone it opens the chat used last, or a new one (`!`: always a new one); with
--- a subcommand it does that; other words are a question.
---@package
---@param args string[]
---@param cmd table
function M.command(args, cmd)
  local sub = subcommands[args[1]]
  if sub and (#args == 1 or sub.rest) and (cmd.range or 0) == 0 then
    return sub.run(vim.list_slice(args, 2))
  end
  M.ask(joined(args), {
    new = cmd.bang,
    range = (cmd.range or 0) > 0 and { cmd.line1, cmd.line2 } or nil,
  })
end

--- Completion of the command line.
---@package
---@param _ string
---@param _ string
---@param args string[]
---@return string[]
function M.complete(_, _, args)
  if #args <= 1 then
    local names = vim.tbl_keys(subcommands)
    table.sort(names)
    return names
  end
  return args[1] == 'export' and #args == 2 and { 'json', 'markdown' } or {}
end

return M
