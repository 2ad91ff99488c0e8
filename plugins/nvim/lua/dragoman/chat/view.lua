--- Chat buffers and their windows: opening, naming, folding, keys, and the events of the editor
--- that concern them.

local conversation = require('dragoman.chat.conversation')
local reload = require('dragoman.chat.reload')
local turns = require('dragoman.chat.turns')

local api = vim.api

local M = {}

local kPrefix = 'dragoman://chat/'
local last_new = 0
local ready = false

--- What a chat's keys do: name of the setting `chat.keys.<name>`, of the <Plug> mapping and of the
--- function of dragoman.chat.
---@type {name: string, modes: string[], desc: string}[]
M.actions = {
  { name = 'send', modes = { 'n' }, desc = 'Send the question' },
  { name = 'submit', modes = { 'n', 'i' }, desc = 'Send the question' },
  { name = 'stop', modes = { 'n' }, desc = 'Stop the answer' },
  { name = 'regenerate', modes = { 'n' }, desc = 'Ask for another answer' },
  { name = 'continue', modes = { 'n' }, desc = 'Let the answer go on' },
  { name = 'fork', modes = { 'n' }, desc = 'Copy the conversation up to this turn' },
  { name = 'yank', modes = { 'n' }, desc = 'Yank the code block' },
  {
    name = 'insert',
    modes = { 'n' },
    desc = 'Insert the code block at the cursor beside the chat',
  },
  { name = 'replace', modes = { 'n' }, desc = 'Put the code block in place of the selection' },
  { name = 'diff', modes = { 'n' }, desc = 'Compare the code block with the file beside the chat' },
  { name = 'next', modes = { 'n' }, desc = 'Go to the next turn' },
  { name = 'prev', modes = { 'n' }, desc = 'Go to the turn before' },
}

---@param name string
---@return string
function M.plug(name)
  return ('<Plug>(dragoman-chat-%s)'):format(name)
end

---@class dragoman.chat.Folds
---@field tick integer
---@field revision integer of the page
---@field steps dragoman.chat.FoldStep[]

local folds = {} ---@type table<integer, dragoman.chat.Folds> by buffer

--- 'foldexpr'
---@return string
function M.foldexpr()
  local buf = api.nvim_get_current_buf()
  local one = conversation.of(buf)
  if not one then
    return '0'
  end
  local tick = api.nvim_buf_get_changedtick(buf)
  local known = folds[buf]
  local revision = one.page.revision
  if not known or known.tick ~= tick or known.revision ~= revision then
    known = { tick = tick, revision = revision, steps = turns.fold_steps(one.page:placed()) }
    folds[buf] = known
  end
  return turns.fold_level(known.steps, vim.v.lnum - 1)
end

--- 'foldtext'
---@return string
function M.foldtext()
  local first, last = vim.v.foldstart, vim.v.foldend
  local lines = api.nvim_buf_get_lines(0, first - 1, math.min(last, first + 20), false)
  local count = ('(%d lines)'):format(last - first + 1)
  if vim.startswith(lines[1] or '', '> ') then
    return ('  Reasoning %s'):format(count)
  end
  for i = 2, #lines do
    if lines[i]:find('%S') then
      return ('%s: %s %s'):format(lines[1], vim.trim(lines[i]), count)
    end
  end
  return ('%s %s'):format(lines[1] or '', count)
end

---@param win integer
local function dress(win)
  local settings = {
    foldmethod = 'expr',
    foldexpr = "v:lua.require'dragoman.chat.view'.foldexpr()",
    foldtext = "v:lua.require'dragoman.chat.view'.foldtext()",
    foldlevel = 1,
    wrap = true,
    linebreak = true,
    breakindent = true,
  }
  for name, value in pairs(settings) do
    vim.wo[win][0][name] = value
  end
end

---@param tab integer
---@return integer? win of a chat
local function chat_window(tab)
  for _, win in ipairs(api.nvim_tabpage_list_wins(tab)) do
    if conversation.of(api.nvim_win_get_buf(win)) then
      return win
    end
  end
end

---@param buf integer
---@return vim.api.keyset.win_config
local function float_config(buf)
  local lines = vim.o.lines - vim.o.cmdheight
  local width = math.max(20, math.min(100, math.floor(vim.o.columns * 0.8)))
  local height = math.max(5, math.floor(lines * 0.8))
  return {
    relative = 'editor',
    width = width,
    height = height,
    row = math.max(0, math.floor((lines - height) / 2) - 1),
    col = math.max(0, math.floor((vim.o.columns - width) / 2)),
    border = 'rounded',
    title = (' %s '):format(vim.b[buf].dragoman_title or 'dragoman'),
    title_pos = 'center',
  }
end

--- Has floats say which conversation they show.
---@param buf integer
function M.retitle(buf)
  for _, win in ipairs(vim.fn.win_findbuf(buf)) do
    if api.nvim_win_get_config(win).relative ~= '' then
      local config = float_config(buf)
      api.nvim_win_set_config(win, { title = config.title, title_pos = config.title_pos })
    end
  end
end

--- Shows a chat buffer: in the window that has it, else in another chat's window of this tab, else
--- as `chat.window` says.
---@param buf integer
---@return integer win
function M.show(buf)
  local here = api.nvim_get_current_tabpage()
  for _, win in ipairs(vim.fn.win_findbuf(buf)) do
    if api.nvim_win_get_tabpage(win) == here then
      api.nvim_set_current_win(win)
      return win
    end
  end
  local reused = chat_window(here)
  if reused then
    api.nvim_set_current_win(reused)
    api.nvim_win_set_buf(reused, buf)
    M.retitle(buf)
    return reused
  end
  local kind = require('dragoman.config').get().chat.window
  if kind == 'float' then
    return api.nvim_open_win(buf, true, float_config(buf))
  end
  if kind == 'tab' then
    vim.cmd('tab sbuffer ' .. buf)
  elseif kind == 'split' then
    vim.cmd('botright sbuffer ' .. buf)
  else
    vim.cmd('botright vertical sbuffer ' .. buf)
  end
  return api.nvim_get_current_win()
end

---@param buf integer
local function map_keys(buf)
  local keys = require('dragoman.config').get().chat.keys
  for _, action in ipairs(M.actions) do
    local key = keys[action.name]
    if key then
      vim.keymap.set(action.modes, key, M.plug(action.name), {
        buffer = buf,
        remap = true,
        desc = 'dragoman: ' .. action.desc,
      })
    end
  end
end

--- Events of one chat buffer.
---@param buf integer
---@param group integer
local function follow(buf, group)
  api.nvim_clear_autocmds({ group = group, buffer = buf })
  local function on(events, callback)
    api.nvim_create_autocmd(events, { group = group, buffer = buf, callback = callback })
  end
  on('BufWinEnter', function()
    dress(api.nvim_get_current_win())
  end)
  on('BufUnload', function()
    folds[buf] = nil
    local one = conversation.of(buf)
    if one then
      one:unloading()
    end
  end)
  on('TextChangedI', function()
    require('dragoman.chat.complete').offer()
  end)
  on('BufWriteCmd', function(event)
    M.write(buf, event.match)
  end)
end

--- `:w` keeps nothing, because the daemon does; `:w name` writes the text into a file.
---@param buf integer
---@param name string
function M.write(buf, name)
  local ui = require('dragoman.ui')
  if name == api.nvim_buf_get_name(buf) then
    vim.bo[buf].modified = false
    return ui.info('the daemon keeps conversations; what was not sent is in this buffer alone')
  end
  local ok, why = pcall(vim.fn.writefile, api.nvim_buf_get_lines(buf, 0, -1, false), name)
  if not ok then
    return ui.warn(('%s cannot be written: %s'):format(name, why))
  end
  ui.info(('written: %s'):format(vim.fn.fnamemodify(name, ':~:.')))
end

--- Makes `buf` a chat: options, keys, events. Called each time its text is read.
---@param buf integer
local function furnish(buf)
  local bo = vim.bo[buf]
  bo.buftype, bo.bufhidden, bo.swapfile, bo.modeline = 'acwrite', 'hide', false, false
  bo.undofile, bo.textwidth = false, 0
  vim.b[buf].dragoman_plain = nil
  bo.filetype = 'markdown' -- each time: what highlights the text went with it
  local source = "v:lua.require'dragoman.chat.complete'.omnifunc"
  bo.omnifunc, bo.completefunc = source, source
  map_keys(buf)
  follow(buf, api.nvim_create_augroup('dragoman.chat.buffers', { clear = false }))
  for _, win in ipairs(vim.fn.win_findbuf(buf)) do
    dress(win)
  end
end

--- Stops what costs too much in a long text.
---@param buf integer
function M.ease(buf)
  local most = require('dragoman.config').get().chat.highlight_max_bytes
  if require('dragoman.buffers').size(buf) > most and not vim.b[buf].dragoman_plain then
    vim.b[buf].dragoman_plain = true
    pcall(vim.treesitter.stop, buf)
    vim.bo[buf].syntax = ''
  end
end

--- The file window that a chat opened from here would talk about.
---@return integer? buf
function M.source_here()
  local function is_source(buf)
    return not conversation.of(buf) and vim.bo[buf].buftype == ''
  end
  local here = api.nvim_get_current_buf()
  if is_source(here) then
    return here
  end
  local before = vim.fn.win_getid(vim.fn.winnr('#'))
  if before ~= 0 and is_source(api.nvim_win_get_buf(before)) then
    return api.nvim_win_get_buf(before)
  end
  for _, win in ipairs(api.nvim_tabpage_list_wins(0)) do
    if is_source(api.nvim_win_get_buf(win)) then
      return api.nvim_win_get_buf(win)
    end
  end
end

--- Reads the conversation of a `dragoman://chat/…` buffer. Called by BufReadCmd, and for what a
--- session named.
---@param buf integer
function M.read(buf)
  M.prepare()
  local name = api.nvim_buf_get_name(buf):sub(#kPrefix + 1)
  local id = not name:find('^new/') and name ~= '' and name or nil
  local one = conversation.attach(buf, id)
  one.source = one.source or M.source_here()
  furnish(buf)
  reload.load(one, function(err)
    if not err and api.nvim_buf_is_loaded(buf) then
      M.ease(buf)
    end
  end)
end

--- The buffer of a conversation, read or being read; without `id` a new one.
---@param id? string
---@return integer buf
function M.buffer(id)
  M.prepare()
  local known = id and conversation.by_id(id)
  if known and api.nvim_buf_is_loaded(known.buf) then
    return known.buf
  end
  if not id then
    last_new = last_new + 1
  end
  local source = M.source_here()
  local buf = vim.fn.bufadd(kPrefix .. (id or ('new/%d'):format(last_new)))
  vim.bo[buf].buflisted = true
  local one = conversation.attach(buf, id)
  one.source = source
  vim.fn.bufload(buf)
  return buf
end

--- Gives a conversation that got its id the name it keeps.
---@param one dragoman.chat.Conversation
function M.rename(one)
  local old = api.nvim_buf_get_name(one.buf)
  api.nvim_buf_set_name(one.buf, kPrefix .. one.id)
  -- The old name stays behind as a buffer of its own.
  local left = vim.fn.bufnr('^' .. vim.fn.escape(old, '*?[]{}^$.\\') .. '$')
  if left ~= -1 and left ~= one.buf then
    pcall(api.nvim_buf_delete, left, { force = true })
  end
  vim.bo[one.buf].buftype = 'acwrite'
end

--- What has to exist before the first chat does.
function M.prepare()
  if ready then
    return
  end
  ready = true
  require('dragoman.highlights').setup()
  local group = api.nvim_create_augroup('dragoman.chat', {})
  -- The window somebody comes from into a chat is what the chat is about.
  api.nvim_create_autocmd('BufEnter', {
    group = group,
    callback = function(event)
      local one = conversation.of(event.buf)
      if one then
        one.source = M.source_here() or one.source
      end
    end,
  })
end

return M
