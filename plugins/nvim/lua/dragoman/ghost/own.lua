--- Ghost text drawn by this plugin, on every Neovim. A keystroke that agrees with the suggestion
--- moves it on without asking anybody; one that does not removes it before the screen is drawn and
--- asks anew, after the screen is drawn.
---
--- There is at most one suggestion, in the current buffer. When to ask, how long to wait for more
--- keys and which older request ends is the daemon's business.

local Client = require('dragoman.client')
local View = require('dragoman.ghost.view')
local compat = require('dragoman.compat')
local gate = require('dragoman.ghost.gate')

local api = vim.api
local M = {}

local namespace = api.nvim_create_namespace('dragoman.ghost')
local group ---@type integer?

---@class dragoman.Shown
---@field views dragoman.View[]
---@field index integer
---@field counted boolean the reader asked for other ones: say which this is
---@field mark? integer
---@field typed? integer what was drawn last
---@field told table<dragoman.View, true> the daemon knows that these were seen
local shown ---@type dragoman.Shown?
local asking ---@type dragoman.Request?
local serial = 0
local scheduled = false
local last_tick = -1
local listens_to_cmp = false

local function forget_request()
  serial = serial + 1
  if asking then
    asking.cancel()
    asking = nil
  end
end

--- Removes the suggestion.
function M.clear()
  if shown then
    local bufnr = shown.views[1].bufnr
    if api.nvim_buf_is_valid(bufnr) then
      api.nvim_buf_clear_namespace(bufnr, namespace, 0, -1)
    end
    shown = nil
  end
end

--- Where the cursor is: buffer, row and column from 0, its line.
---@return integer bufnr
---@return integer row
---@return integer col
---@return string line
local function place()
  local cursor = api.nvim_win_get_cursor(0)
  return api.nvim_get_current_buf(), cursor[1] - 1, cursor[2], api.nvim_get_current_line()
end

--- `text` with its tabs as blanks: virtual text does not know tab stops. `from` is the screen
--- column it begins at.
---@param text string
---@param from integer
---@return string
local function expand_tabs(text, from)
  if not text:find('\t', 1, true) then
    return text
  end
  local out, width, stop = {}, from, vim.bo.tabstop
  for piece, tab in text:gmatch('([^\t]*)(\t?)') do
    out[#out + 1] = piece
    width = width + api.nvim_strwidth(piece)
    if tab ~= '' then
      local blanks = stop - width % stop
      out[#out + 1] = (' '):rep(blanks)
      width = width + blanks
    end
  end
  return table.concat(out)
end

--- Is the suggestion drawn at this place already?
---@param row integer
---@param col integer
---@return boolean
local function stands_at(row, col)
  local at = api.nvim_buf_get_extmark_by_id(shown.views[1].bufnr, namespace, shown.mark, {})
  return at[1] == row and at[2] == col
end

--- Draws what remains of the suggestion at the cursor.
---@param row integer
---@param col integer
---@param typed integer
---@param ahead? string a key that is about to stand at the cursor and counts as typed
local function draw(row, col, typed, ahead)
  local view = shown.views[shown.index]
  if shown.typed == typed and stands_at(row, col) then
    return
  end
  shown.typed = typed
  local lines = vim.split(view.text:sub(typed + 1), '\n', { plain = true })
  local first = lines[1]
  if first:find('\t', 1, true) then
    first = expand_tabs(first, vim.fn.virtcol('.') - 1 + api.nvim_strwidth(ahead or ''))
  end
  local chunks = { { first, 'DragomanGhost' } }
  if shown.counted and #shown.views > 1 then
    chunks[2] = { (' (%d/%d)'):format(shown.index, #shown.views), 'DragomanGhostHint' }
  end
  local below
  if #lines > 1 then
    below = {}
    for i = 2, #lines do
      below[i - 1] = { { expand_tabs(lines[i], 0), 'DragomanGhost' } }
    end
  end
  shown.mark = api.nvim_buf_set_extmark(view.bufnr, namespace, row, col, {
    id = shown.mark,
    virt_text = chunks,
    virt_text_pos = 'inline',
    virt_lines = below,
    hl_mode = 'combine',
    undo_restore = false,
  })
  if not shown.told[view] then
    shown.told[view] = true
    Client.notify('textDocument/didShowCompletion', { item = view.item })
  end
end

--- Lets the suggestion follow the text, or removes it.
---@return boolean still shown
local function follow()
  if not shown then
    return false
  end
  local view = shown.views[shown.index]
  local bufnr, row, col, line = place()
  local typed = bufnr == view.bufnr and View.typed(view, row, col, line)
  if not typed or typed >= #view.text or not gate.is_open() then
    M.clear()
    return false
  end
  draw(row, col, typed)
  return true
end

--- Takes the daemon's answer. One that came too late is dropped: it is not the last that was asked
--- for, or its text does not go on from what stands there now.
---@param result {items: dragoman.Item[]}?
---@param encoding string
---@param asked {bufnr: integer, after: string}
local function on_answer(result, encoding, asked)
  local bufnr, row, col, line = place()
  if bufnr ~= asked.bufnr or not gate.is_open() then
    return
  end
  local views, first = {}, nil
  for _, item in ipairs(result and result.items or {}) do
    local view = View.new(bufnr, item, encoding, asked.after)
    local typed = View.typed(view, row, col, line)
    if typed and typed < #view.text then
      views[#views + 1] = view
      first = first or typed
    end
  end
  M.clear()
  if first then
    shown = { views = views, index = 1, counted = false, told = {} }
    draw(row, col, first)
  end
end

--- Asks for suggestions at the cursor.
---@param kind 1|2 LSP's InlineCompletionTriggerKind: invoked, automatic
local function ask(kind)
  local bufnr, row, col, line = place()
  local client = Client.attached(bufnr)
  if not client or not gate.takes(bufnr) or not gate.is_open() then
    return
  end
  local encoding = client.offset_encoding
  serial = serial + 1
  local mine = serial
  local asked = { bufnr = bufnr, after = line:sub(col + 1) }
  asking = Client.request('textDocument/inlineCompletion', {
    textDocument = { uri = vim.uri_from_bufnr(bufnr) },
    position = { line = row, character = compat.to_character(line, col, encoding) },
    context = { triggerKind = kind },
  }, { bufnr = bufnr }, function(err, result)
    if mine == serial then
      asking = nil
      if not err then
        on_answer(result, encoding, asked)
      end
    end
  end)
end

--- Asks after the screen has been drawn; keys that come in one go ask once.
local function ask_soon()
  if scheduled then
    return
  end
  scheduled = true
  vim.schedule(function()
    scheduled = false
    if not shown and group then
      ask(2)
    end
  end)
end

--- A key is about to stand in the text. With syntax highlighting Neovim draws the line before it
--- tells that the text has changed, and by then the suggestion has to be right: it gives up the key
--- now, and its mark moves with the text.
local function on_key()
  if not shown or not shown.typed then
    return
  end
  local view, key = shown.views[shown.index], vim.v.char
  local typed = shown.typed + #key
  if typed >= #view.text or view.text:sub(shown.typed + 1, typed) ~= key then
    return M.clear()
  end
  local _, row, col = place()
  draw(row, col, typed, key)
end

local function on_text_changed()
  last_tick = api.nvim_buf_get_changedtick(0)
  if not follow() then
    ask_soon()
  end
end

--- A cursor that moves with the text is on_text_changed()'s. Moving alone asks nobody.
local function on_cursor_moved()
  if api.nvim_buf_get_changedtick(0) ~= last_tick then
    return
  end
  if not follow() and asking then
    forget_request()
  end
end

--- A menu that opens takes the place; one that closes may have left a text to go on from.
local function on_menu()
  if gate.menu_is_open() then
    M.clear()
  else
    ask_soon()
  end
end

local function on_leave()
  M.clear()
  forget_request()
end

--- nvim-cmp says what its menu does by its own events, and only to who asks for them.
local function listen_to_cmp()
  local cmp = package.loaded['cmp']
  if type(cmp) ~= 'table' or not cmp.event or listens_to_cmp then
    return
  end
  listens_to_cmp = true
  cmp.event:on('menu_opened', vim.schedule_wrap(on_menu))
  cmp.event:on('menu_closed', vim.schedule_wrap(on_menu))
end

--- The suggestion at the cursor.
---@return dragoman.View?
function M.current()
  return follow() and shown.views[shown.index] or nil
end

--- Hands the suggestion at the cursor over for acceptance.
---@param cb fun(view: dragoman.View)
function M.hand_over(cb)
  local view = M.current()
  if view then
    cb(view)
  end
end

--- Shows the suggestion `count` further on.
---@param count integer
function M.cycle(count)
  if not M.current() then
    return
  end
  -- What was typed since may have ruled some of them out.
  local _, row, col, line = place()
  local views, now = {}, 1
  for i, view in ipairs(shown.views) do
    if View.typed(view, row, col, line) then
      views[#views + 1] = view
      now = i == shown.index and #views or now
    end
  end
  local told = shown.told
  M.clear()
  shown = { views = views, index = (now - 1 + count) % #views + 1, counted = true, told = told }
  follow()
end

--- Removes the suggestion until something is typed.
function M.dismiss()
  on_leave()
end

--- Asks now, as a person who wants an answer: without a pause, and failures are told.
function M.trigger()
  M.clear()
  forget_request()
  ask(1)
end

--- Neovim's own ghost text for the daemon, where somebody has switched it on for every server, would
--- say everything twice.
---@param client_id integer
local function silence_builtin(client_id)
  if vim.lsp.inline_completion then
    vim.lsp.inline_completion.enable(false, { client_id = client_id })
  end
end

--- Begins to watch Insert mode.
function M.start()
  group = api.nvim_create_augroup('dragoman.ghost', {})
  local function on(events, callback, pattern)
    api.nvim_create_autocmd(events, { group = group, pattern = pattern, callback = callback })
  end
  on('InsertCharPre', on_key)
  on('TextChangedI', on_text_changed)
  on('CursorMovedI', on_cursor_moved)
  on('InsertEnter', function()
    listen_to_cmp()
    last_tick = api.nvim_buf_get_changedtick(0)
    ask_soon()
  end)
  on({ 'InsertLeave', 'BufLeave', 'WinLeave', 'CmdwinEnter' }, on_leave)
  on('ModeChanged', function()
    follow()
  end, 'i*:*')
  on({ 'TextChangedP', 'CompleteChanged' }, M.clear)
  on('CompleteDone', vim.schedule_wrap(on_menu))
  on('User', vim.schedule_wrap(on_menu), { 'BlinkCmpMenuOpen', 'BlinkCmpMenuClose' })
  on('LspAttach', function(event)
    if not Client.is_daemon(event.data.client_id) then
      return
    end
    silence_builtin(event.data.client_id)
    if event.buf == api.nvim_get_current_buf() then
      ask_soon()
    end
  end)
  local client = Client.attached()
  if client then
    silence_builtin(client.id)
  end
  ask_soon()
end

function M.stop()
  if group then
    api.nvim_del_augroup_by_id(group)
    group = nil
  end
  on_leave()
end

return M
