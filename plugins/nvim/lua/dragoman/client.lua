--- Asking the daemon. Requests may be sent from any buffer and at any time, and each is called back
--- exactly once, whatever happens to the daemon. What the daemon streams with `$/progress` reaches
--- the request that asked for it.

local Server = require('dragoman.server')
local buffers = require('dragoman.buffers')
local call = require('dragoman.compat').call

local M = {}

---@class dragoman.Pending
---@field cb fun(err: dragoman.Error?, result: any)
---@field on_event? fun(value: table)
---@field token? string
---@field id? integer the number of the LSP request
---@field done boolean

local client ---@type vim.lsp.Client? initialised and alive
local waiting = {} ---@type {bufnr?: integer, cb: fun(err: dragoman.Error?, client: vim.lsp.Client?)}[]
local pending = {} ---@type table<dragoman.Pending, true>
local by_id = {} ---@type table<integer, dragoman.Pending>
local by_token = {} ---@type table<string, dragoman.Pending>
local token_prefix = 'dragoman-'
local last_token = 0
local restarting = false

local cancelled = { code = -32800, message = 'cancelled' }

--- Calls back. An error in there is told like any other error of a callback, and stops nothing
--- here.
---@param cb fun(...)
---@param ... any
local function invoke(cb, ...)
  local ok, why = xpcall(cb, debug.traceback, ...)
  if not ok then
    vim.schedule(function()
      error(why, 0)
    end)
  end
end

---@param entry dragoman.Pending
---@param err dragoman.Error?
---@param result any
local function finish(entry, err, result)
  if entry.done then
    return
  end
  entry.done = true
  pending[entry] = nil
  if entry.id then
    by_id[entry.id] = nil
  end
  if entry.token then
    by_token[entry.token] = nil
  end
  invoke(entry.cb, err, result)
end

---@param err dragoman.Error?
local function answer_waiting(err)
  local list = waiting
  waiting = {}
  for _, waiter in ipairs(list) do
    if client and waiter.bufnr then
      buffers.attach(client, waiter.bufnr)
    end
    invoke(waiter.cb, err, client)
  end
end

--- Neovim drops an answer that says "cancelled" without calling back; that it came is still told by
--- this event.
---@param event {data: {client_id: integer, request_id: integer, request: {type: string}}}
local function on_request_state(event)
  local data = event.data
  if not client or data.client_id ~= client.id or data.request.type ~= 'complete' then
    return
  end
  local entry = by_id[data.request_id]
  if entry then
    vim.schedule(function()
      finish(entry, cancelled)
    end)
  end
end

--- A daemon is there.
---@param new vim.lsp.Client
local function on_ready(new)
  client = new
  vim.api.nvim_create_autocmd('LspRequest', {
    group = vim.api.nvim_create_augroup('dragoman.client', {}),
    callback = on_request_state,
  })
  buffers.follow(M.attached, function(bufnr)
    M.start(bufnr, function() end)
  end)
  answer_waiting(nil)
end

---@param err dragoman.Error
local function on_ended(err)
  client, restarting = nil, false
  require('dragoman.status').set(nil)
  for _, entry in ipairs(vim.tbl_keys(pending)) do
    if entry.id then
      finish(entry, err)
    end
  end
  if #waiting > 0 and Server.is_off() then
    Server.launch(waiting[1].bufnr)
  end
end

Server.listen({
  ready = on_ready,
  failed = answer_waiting,
  ended = on_ended,
  again = function(reopen)
    M.start(nil, function() end)
    for _, bufnr in ipairs(reopen) do
      M.start(bufnr, function() end)
    end
  end,
  progress = function(params)
    local entry = by_token[params.token]
    if entry then
      invoke(entry.on_event, params.value)
      return true
    end
    -- Of a request that has ended meanwhile, perhaps.
    return vim.startswith(tostring(params.token), token_prefix)
  end,
})

--- How the daemon starts, for |vim.lsp.config|.
M.lsp_config = Server.lsp_config

--- The running daemon.
---@param bufnr? integer when given, only if this buffer is open at it; 0 is the current one
---@return vim.lsp.Client?
function M.attached(bufnr)
  if not client or not bufnr then
    return client
  end
  if bufnr == 0 then
    bufnr = vim.api.nvim_get_current_buf()
  end
  return client.attached_buffers[bufnr] and client or nil
end

--- Is this LSP client the daemon? True from its first event on, before attached() knows it.
---@param client_id integer
---@return boolean
function M.is_daemon(client_id)
  local other = vim.lsp.get_client_by_id(client_id)
  return other ~= nil and other.name == 'dragoman'
end

--- Makes sure that the daemon runs and knows `bufnr`, where that is a document.
---@param bufnr? integer nil: any buffer will do
---@param cb fun(err: dragoman.Error?, client: vim.lsp.Client?) once; at once when it runs already
function M.start(bufnr, cb)
  if bufnr == 0 then
    bufnr = vim.api.nvim_get_current_buf()
  end
  if client and not restarting then
    if bufnr then
      buffers.attach(client, bufnr)
    end
    return cb(nil, client)
  end
  waiting[#waiting + 1] = { bufnr = bufnr, cb = cb }
  if Server.is_off() then
    Server.launch(bufnr)
  end
end

--- Sends a request, from any buffer, and starts the daemon where needed.
---@param method string
---@param params table
---@param opts? {bufnr?: integer, on_event?: fun(value: table)} `bufnr` is opened at the daemon before; `on_event` gets
---  what the daemon streams, in order, and nothing after the end
---@param cb fun(err: dragoman.Error?, result: any) exactly once, on the main loop; -32800 after cancel()
---@return dragoman.Request
function M.request(method, params, opts, cb)
  opts = opts or {}
  ---@type dragoman.Pending
  local entry = { cb = cb, done = false, on_event = opts.on_event }
  pending[entry] = true
  if opts.on_event then
    last_token = last_token + 1
    entry.token = token_prefix .. last_token
    by_token[entry.token] = entry
    params = vim.tbl_extend('force', params, { partialResultToken = entry.token })
  end
  M.start(opts.bufnr, function(err, running)
    if entry.done then
      return
    end
    if err or not running then
      return finish(entry, err or Server.failure('the daemon does not run', 'daemonEnded'))
    end
    local sent, id = call(running, 'request', method, params, function(error, result)
      finish(entry, error, result)
    end, opts.bufnr)
    if not sent then
      return finish(entry, Server.failure('the daemon has ended', 'daemonEnded', 'Try again.'))
    end
    entry.id = id
    by_id[id] = entry
  end)
  return {
    cancel = function()
      if entry.done then
        return
      end
      if entry.id and client then
        call(client, 'cancel_request', entry.id)
      end
      finish(entry, cancelled)
    end,
  }
end

--- Sends a notification; without a daemon there is nobody to tell.
---@param method string
---@param params table
function M.notify(method, params)
  if client then
    call(client, 'notify', method, params)
  end
end

--- Tells the daemon the settings that setup() has just changed.
function M.settings_changed()
  M.notify('workspace/didChangeConfiguration', { settings = { dragoman = Server.overlay() } })
end

--- Ends the daemon and starts a new one, with the same buffers.
function M.restart()
  local ui = require('dragoman.ui')
  local reopen = client and vim.tbl_keys(client.attached_buffers) or {}
  restarting = client ~= nil
  Server.stop()
  for _, bufnr in ipairs(reopen) do
    M.start(bufnr, function() end)
  end
  M.start(vim.api.nvim_get_current_buf(), function(err, running)
    if err or not running then
      return ui.failed(err or 'the daemon does not run')
    end
    local version = (running.server_info or {}).version
    ui.info('the daemon runs' .. (version and (' (%s)'):format(version) or ''))
  end)
end

return M
