--- Ghost text drawn by Neovim's own |vim.lsp.inline_completion| (0.12 and newer), for those who use
--- it with other servers too: all suggestions then form one list. What it leaves open is covered
--- here, as far as that can be done from outside:
---
--- - a suggestion that no longer fits what was typed is taken off the screen before it is drawn, and cannot be accepted;
--- - accepting goes on from what was typed since, instead of replacing the place as it was when the answer came;
--- - words, lines and one step of undo;
--- - it stays away from menus, macros, snippets and Replace mode.
---
--- Its pause of 200 ms before each request cannot be changed, and it draws nothing new before an
--- answer.

local Client = require('dragoman.client')
local gate = require('dragoman.ghost.gate')
local View = require('dragoman.ghost.view')

local api = vim.api
local M = {}

local namespace = api.nvim_create_namespace('nvim.lsp.inline_completion')
local group ---@type integer?
local shown_to ---@type table? the last item the daemon was told of

--- What Neovim would accept in `bufnr`. Reads private state, because no public function says it
--- without accepting.
---@param bufnr integer
---@return table? completor
local function completor(bufnr)
  local ok, capability = pcall(require, 'vim.lsp._capability')
  local class = ok and capability.all and capability.all.inline_completion
  return class and class.active and class.active[bufnr] or nil
end

--- `item` of Neovim's as a view of the current text; nil when it is another server's or has no
--- range.
---@param item table
---@return dragoman.View?
local function view_of(item)
  local client = Client.attached(0)
  if not client or item.client_id ~= client.id or not item.range then
    return nil
  end
  local text = item.insert_text
  if type(text) ~= 'string' then
    return nil
  end
  local bufnr = api.nvim_get_current_buf()
  local row, col = item.range.start_row, item.range.start_col
  local line = api.nvim_buf_get_lines(bufnr, row, row + 1, false)[1] or ''
  local here = api.nvim_get_current_line()
  local lsp_item = {
    insertText = text,
    command = item.command,
    range = { start = { line = row, character = col }, ['end'] = { line = row, character = col } },
  }
  return {
    bufnr = bufnr,
    item = lsp_item,
    text = text,
    row = row,
    col = col,
    before = line:sub(1, col),
    after = here:sub(api.nvim_win_get_cursor(0)[2] + 1),
  }
end

---@param view dragoman.View
---@return boolean
local function fits(view)
  local cursor = api.nvim_win_get_cursor(0)
  local line = api.nvim_get_current_line()
  local typed = View.typed(view, cursor[1] - 1, cursor[2], line)
  return typed ~= nil and typed < #view.text
end

---@return dragoman.View?
function M.current()
  local state = completor(api.nvim_get_current_buf())
  local item = state and state.current
  local view = item and gate.is_open() and view_of(item)
  return view and fits(view) and view or nil
end

--- Takes what does not fit off the screen. Runs after Neovim's own handlers of the same events.
local function check()
  local state = completor(api.nvim_get_current_buf())
  local item = state and state.current
  if not item then
    return
  end
  local view = view_of(item)
  if not gate.is_open() or (view and not fits(view)) then
    state:abort()
  elseif view and shown_to ~= item then
    shown_to = item
    Client.notify('textDocument/didShowCompletion', { item = view.item })
  end
end

---@param cb fun(view: dragoman.View)
function M.hand_over(cb)
  vim.lsp.inline_completion.get({
    on_accept = function(item)
      local view = view_of(item)
      if not view then
        return item -- another server's: Neovim's to accept
      end
      if fits(view) then
        cb(view)
      end
    end,
  })
end

---@param count integer
function M.cycle(count)
  vim.lsp.inline_completion.select({ count = count })
end

function M.dismiss()
  local state = completor(api.nvim_get_current_buf())
  if state then
    state:abort()
  end
end

function M.trigger()
  local state = completor(api.nvim_get_current_buf())
  if state then
    state:request(vim.lsp.protocol.InlineCompletionTriggerKind.Invoked)
  end
end

---@param bufnr integer
---@param on boolean
local function switch(bufnr, on)
  vim.lsp.inline_completion.enable(on and gate.takes(bufnr), { bufnr = bufnr })
end

function M.start()
  group = api.nvim_create_augroup('dragoman.ghost', {})
  api.nvim_create_autocmd('LspAttach', {
    group = group,
    callback = function(event)
      if not Client.is_daemon(event.data.client_id) then
        return
      end
      -- Neovim looks at what is enabled after this event.
      switch(event.buf, true)
      -- Its handlers of the same events exist after that; these have to come behind them.
      vim.schedule(function()
        if not group or not api.nvim_buf_is_valid(event.buf) then
          return
        end
        api.nvim_clear_autocmds({ group = group, buffer = event.buf })
        api.nvim_create_autocmd({ 'CursorMovedI', 'TextChangedI', 'TextChangedP', 'ModeChanged' }, {
          group = group,
          buffer = event.buf,
          callback = check,
        })
      end)
    end,
  })
  local client = Client.attached()
  for bufnr in pairs(client and client.attached_buffers or {}) do
    switch(bufnr, true)
  end
end

function M.stop()
  if group then
    api.nvim_del_augroup_by_id(group)
    group = nil
  end
  local client = Client.attached()
  for bufnr in pairs(client and client.attached_buffers or {}) do
    switch(bufnr, false)
    api.nvim_buf_clear_namespace(bufnr, namespace, 0, -1)
  end
end

return M
