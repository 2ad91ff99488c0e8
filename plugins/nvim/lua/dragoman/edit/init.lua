--- Edits by instruction: `:Dragoman edit` asks the daemon, shows what comes while it comes, and
--- then each change to be accepted or rejected. Nothing touches the text before that, and nothing
--- ever replaces text that is not the one that the daemon was asked about.

local client = require('dragoman.client')
local hunks_of = require('dragoman.edit.hunks').of
local masked = require('dragoman.chat.text').masked
local preview = require('dragoman.edit.preview')
local ui = require('dragoman.ui')

local M = {}

---@class dragoman.Edit One edit in a buffer, from the instruction until its last hunk is decided.
---@field bufnr integer
---@field range? integer mark of the range that is edited; none in an edit of a code action
---@field request? dragoman.Request while the model writes
---@field marks {text?: integer, hint?: integer}
---@field text string what has come so far
---@field hunks dragoman.ShownHunk[] not decided yet, from the top down
---@field total integer
---@field restore? fun() gives the keys back
local edits = {} ---@type table<integer, dragoman.Edit>

---@param bufnr? integer
---@return dragoman.Edit?
local function edit_in(bufnr)
  return edits[(bufnr or 0) == 0 and vim.api.nvim_get_current_buf() or bufnr]
end

--- Is an edit under way in `bufnr`, or are changes shown that nobody has decided on?
---@param bufnr? integer default: the current one
---@return 'asking'|'deciding'|nil
function M.state(bufnr)
  local edit = edit_in(bufnr)
  return edit and (edit.request and 'asking' or 'deciding') or nil
end

---@param edit dragoman.Edit
local function finish(edit)
  if edits[edit.bufnr] ~= edit then
    return
  end
  edits[edit.bufnr] = nil
  pcall(vim.api.nvim_del_augroup_by_name, 'dragoman.edit.' .. edit.bufnr)
  if edit.request then
    edit.request.cancel()
  end
  preview.clear(edit.bufnr)
  edit.restore()
end

local actions = {
  accept = 'accept this change',
  reject = 'reject this change',
  accept_all = 'accept all changes',
  reject_all = 'reject all changes',
  next = 'go to the next change',
  prev = 'go to the previous change',
  cancel = 'stop the edit and reject its changes',
}

---@return table<string, string|false>
local function keys()
  return require('dragoman.config').get().edit.keys
end

--- Maps the keys of the preview in `bufnr` until the returned function is called.
---@param bufnr integer
---@return fun()
local function take_keys(bufnr)
  local before, taken = {}, {}
  vim.api.nvim_buf_call(bufnr, function()
    for action, desc in pairs(actions) do
      local key = keys()[action]
      if key then
        local old = vim.fn.maparg(key, 'n', false, true)
        before[#before + 1] = old.buffer == 1 and old or nil
        taken[#taken + 1] = key
        vim.keymap.set('n', key, function()
          M[action]()
        end, { buffer = bufnr, nowait = true, desc = 'dragoman: ' .. desc })
      end
    end
  end)
  return function()
    if not vim.api.nvim_buf_is_valid(bufnr) then
      return
    end
    vim.api.nvim_buf_call(bufnr, function()
      for _, key in ipairs(taken) do
        pcall(vim.keymap.del, 'n', key, { buffer = bufnr })
      end
      for _, old in ipairs(before) do
        vim.fn.mapset('n', false, old)
      end
    end)
  end
end

--- "ga accept, gr reject", without the keys that are switched off.
---@param pairs_ {[1]: string, [2]: string}[]
---@return string
local function key_help(pairs_)
  local out = {}
  for _, pair in ipairs(pairs_) do
    local key = keys()[pair[1]]
    if key then
      out[#out + 1] = key .. ' ' .. pair[2]
    end
  end
  return table.concat(out, ', ')
end

--- Goes to the first change where it is the current buffer's and out of sight.
---@param edit dragoman.Edit
local function reveal(edit)
  if vim.api.nvim_get_current_buf() ~= edit.bufnr then
    return
  end
  for _, hunk in ipairs(edit.hunks) do
    local line = preview.rows(edit.bufnr, hunk.mark) + 1
    if line >= vim.fn.line('w0') and line <= vim.fn.line('w$') then
      return
    end
  end
  vim.cmd("normal! m'")
  vim.api.nvim_win_set_cursor(0, { preview.rows(edit.bufnr, edit.hunks[1].mark) + 1, 0 })
end

---@param edit dragoman.Edit
local function redraw(edit)
  for i, hunk in ipairs(edit.hunks) do
    local hint = ('%d of %d'):format(edit.total - #edit.hunks + i, edit.total)
    if i == 1 then
      hint = hint
        .. '  '
        .. key_help({
          { 'accept', 'accept' },
          { 'reject', 'reject' },
          { 'accept_all', 'accept all' },
          { 'reject_all', 'reject all' },
        })
    end
    preview.hunk(edit.bufnr, hunk, hint)
  end
end

--- Shows a change of the edit's buffer, to be decided on. It counts only for the text it was made
--- for.
---@param edit dragoman.Edit
---@param change lsp.TextDocumentEdit
---@return boolean shown
local function show(edit, change)
  local bufnr = edit.bufnr
  local running = client.attached(bufnr)
  if not running or change.textDocument.version ~= vim.lsp.util.buf_versions[bufnr] then
    return false
  end
  local lines = vim.api.nvim_buf_get_lines(bufnr, 0, -1, false)
  local dos = vim.bo[bufnr].fileformat == 'dos'
  preview.clear(bufnr)
  edit.hunks = hunks_of(lines, change.edits, running.offset_encoding, dos)
  edit.total = #edit.hunks
  redraw(edit)
  if edit.total > 0 then
    reveal(edit)
  end
  return true
end

---@param edit dragoman.Edit
---@param result table of `dragoman/edit`
local function answered(edit, result)
  edit.request = nil
  -- One message, so that nobody has to press a key to read on.
  local words, tell = {}, ui.info
  if result.withheld and result.withheld > 0 then
    local what = result.withheld == 1 and 'a change' or result.withheld .. ' changes'
    words[1] = what .. ' would have overwritten what looks like a secret, and is left out'
    tell = ui.warn
  end
  words[#words + 1] = masked(result.masked)
  local change = (result.edit.documentChanges or {})[1]
  if change and #change.edits > 0 and not show(edit, change) then
    words[#words + 1] = 'the text changed while the answer came; nothing was edited'
    tell = ui.warn
  elseif edit.total == 0 then
    words[#words + 1] = 'the model found nothing to change here'
  end
  if edit.total == 0 then
    finish(edit)
  end
  if #words > 0 then
    tell(table.concat(words, '; '))
  end
end

--- What is being waited for, in words.
---@param value table an event of `dragoman/edit`
---@return string?
local function said(value)
  if value.kind == 'begin' then
    return 'waiting for ' .. value.model
  elseif value.kind == 'reasoning' then
    return 'thinking'
  elseif value.kind == 'retry' then
    return 'trying again: ' .. value.reason
  elseif value.kind == 'fallback' then
    return ('waiting for %s: %s'):format(value.model, value.reason)
  elseif value.kind == 'text' then
    return 'writing'
  end
end

--- Ends the edit when its text is gone: the buffer deleted, unloaded or read anew.
---@param edit dragoman.Edit
local function follow(edit)
  vim.api.nvim_create_autocmd({ 'BufUnload', 'BufWipeout', 'BufReadPost' }, {
    group = vim.api.nvim_create_augroup('dragoman.edit.' .. edit.bufnr, {}),
    buffer = edit.bufnr,
    callback = function()
      finish(edit)
    end,
  })
end

---@param edit dragoman.Edit
local function begin(edit)
  require('dragoman.highlights').setup()
  edit.restore = take_keys(edit.bufnr)
  edits[edit.bufnr] = edit
  follow(edit)
end

---@param edit dragoman.Edit
---@param instruction string
local function ask(edit, instruction)
  local bufnr = edit.bufnr
  local first, last = preview.rows(bufnr, edit.range)
  local range =
    { start = { line = first, character = 0 }, ['end'] = { line = last, character = 0 } }
  local only = last == first + 1 and vim.api.nvim_buf_get_lines(bufnr, first, last, false)[1]
  if only and only:match('^%s*$') then
    -- A blank line is a place to write at, with its indentation.
    range.start.character = #only
    range['end'] = range.start
  end
  begin(edit)

  local doing = 'starting'
  local function draw()
    local help = key_help({ { 'cancel', 'cancels' } })
    local lines = vim.split(edit.text:gsub('\r\n', '\n'):gsub('\n$', ''), '\n', { plain = true })
    lines = edit.text == '' and {} or lines
    local room = math.max(5, math.floor(vim.o.lines / 2))
    if #lines > room then
      -- What is being written is to be seen, not what was written first.
      lines = vim.list_slice(lines, #lines - room + 1)
      lines[1] = '…'
    end
    preview.progress(bufnr, edit.range, edit.marks, lines, ('%s  %s'):format(doing, help))
  end
  draw()
  edit.request = client.request('dragoman/edit', {
    textDocument = { uri = vim.uri_from_bufnr(bufnr) },
    range = range,
    instruction = instruction,
  }, {
    bufnr = bufnr,
    on_event = function(value)
      if edits[bufnr] ~= edit then
        return
      end
      doing = said(value) or doing
      if value.kind == 'text' then
        edit.text = edit.text .. value.text
      end
      draw()
    end,
  }, function(err, result)
    if edits[bufnr] ~= edit then
      return
    end
    if err then
      edit.request = nil
      finish(edit)
      ui.failed(err)
    else
      answered(edit, result)
    end
  end)
end

--- Edits rows [first, last) of `bufnr` as `instruction` says; without one it is asked for.
---@param bufnr integer
---@param first integer from 0
---@param last integer
---@param instruction? string
function M.edit(bufnr, first, last, instruction)
  local state = M.state(bufnr)
  if state == 'asking' then
    return ui.warn('an edit is under way in this buffer already')
  elseif state == 'deciding' then
    return ui.warn('accept or reject the changes that are shown first')
  elseif not vim.bo[bufnr].modifiable then
    return ui.error("this buffer cannot be changed: 'modifiable' is off")
  elseif not require('dragoman.buffers').is_document(bufnr) then
    return ui.error("this buffer is no document: 'buftype' is set")
  end
  local range = preview.range(bufnr, first, last)
  ---@type dragoman.Edit
  local edit = { bufnr = bufnr, range = range, marks = {}, text = '', hunks = {}, total = 0 }
  local function given(text)
    if not vim.api.nvim_buf_is_loaded(bufnr) then
      return
    end
    if not text or vim.trim(text) == '' or edits[bufnr] then
      return preview.drop(bufnr, range)
    end
    ask(edit, text)
  end
  if instruction and vim.trim(instruction) ~= '' then
    given(instruction)
  else
    ui.input({ prompt = 'Edit: ' }, given)
  end
end

--- Shows the edit of a code action, to be decided on.
---@param change lsp.TextDocumentEdit
---@return boolean shown false: the buffer is not the one it was made for, or has another edit
function M.review(change)
  local bufnr = vim.uri_to_bufnr(change.textDocument.uri)
  if not vim.api.nvim_buf_is_loaded(bufnr) or edits[bufnr] then
    return false
  end
  ---@type dragoman.Edit
  local edit = { bufnr = bufnr, marks = {}, text = '', hunks = {}, total = 0 }
  begin(edit)
  local shown = show(edit, change) and edit.total > 0
  if not shown then
    finish(edit)
  end
  return shown
end

--- `:Dragoman edit`
---@param args string[]
---@param cmd table
function M.command(args, cmd)
  M.edit(vim.api.nvim_get_current_buf(), cmd.line1 - 1, cmd.line2, table.concat(args, ' '))
end

--- The hunk at the cursor, else the next one below, else the last one.
---@param edit dragoman.Edit
---@return integer index
local function at_cursor(edit)
  local row = vim.api.nvim_win_get_cursor(0)[1] - 1
  for i, hunk in ipairs(edit.hunks) do
    local _, last = preview.rows(edit.bufnr, hunk.mark)
    if row < math.max(last, 1) then
      return i
    end
  end
  return #edit.hunks
end

--- The edit in the current buffer whose changes are shown.
---@param to_make? boolean a change is to be made
---@return dragoman.Edit?
local function deciding(to_make)
  local edit = edit_in()
  if not edit or edit.request then
    ui.info(edit and 'the edit is still under way' or 'no changes are shown here')
  elseif to_make and not vim.bo.modifiable then
    ui.error("this buffer cannot be changed: 'modifiable' is off")
  else
    return edit
  end
end

---@param edit dragoman.Edit
---@param index integer
---@return boolean made
local function make(edit, index)
  local hunk = table.remove(edit.hunks, index)
  local row = preview.current(edit.bufnr, hunk)
  preview.forget(edit.bufnr, hunk)
  if row then
    vim.api.nvim_buf_set_lines(edit.bufnr, row, row + #hunk.old, false, hunk.new)
  end
  return row ~= nil
end

---@param edit dragoman.Edit
local function after_decision(edit)
  if #edit.hunks == 0 then
    finish(edit)
  else
    redraw(edit)
    reveal(edit)
  end
end

--- What is done next can be undone by itself.
local function begin_undo_step()
  vim.cmd('let &g:undolevels = &g:undolevels')
end

local stale = 'the text there is not what the model was shown any more'

--- Makes the change at the cursor: one undo step.
function M.accept()
  local edit = deciding(true)
  if not edit then
    return
  end
  begin_undo_step()
  if not make(edit, at_cursor(edit)) then
    ui.warn(stale .. '; this change is dropped')
  end
  after_decision(edit)
end

--- Makes all changes: one undo step.
function M.accept_all()
  local edit = deciding(true)
  if not edit then
    return
  end
  begin_undo_step()
  local dropped = 0
  while #edit.hunks > 0 do
    -- From below, so that the marks of those above stay where they are.
    dropped = dropped + (make(edit, #edit.hunks) and 0 or 1)
  end
  if dropped > 0 then
    ui.warn(('%s; %d of the changes dropped'):format(stale, dropped))
  end
  finish(edit)
end

function M.reject()
  local edit = deciding()
  if not edit then
    return
  end
  preview.forget(edit.bufnr, table.remove(edit.hunks, at_cursor(edit)))
  after_decision(edit)
end

function M.reject_all()
  local edit = deciding()
  if edit then
    finish(edit)
  end
end

--- Stops the edit in the current buffer, whether the model still writes or its changes are shown.
function M.cancel()
  local edit = edit_in()
  if edit then
    finish(edit)
  end
end

---@param step 1|-1
local function go(step)
  local edit = deciding()
  if not edit then
    return
  end
  local row = vim.api.nvim_win_get_cursor(0)[1] - 1
  local best ---@type integer?
  for _, hunk in ipairs(edit.hunks) do
    local first = preview.rows(edit.bufnr, hunk.mark)
    if step > 0 and first > row then
      best = best or first
    elseif step < 0 and first < row then
      best = first
    end
  end
  if best then
    vim.cmd("normal! m'")
    vim.api.nvim_win_set_cursor(0, { best + 1, 0 })
  end
end

function M.next()
  go(1)
end

function M.prev()
  go(-1)
end

return M
