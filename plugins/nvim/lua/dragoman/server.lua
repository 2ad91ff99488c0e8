--- The daemon as a process: one for the whole editor, whoever starts it first, this plugin or
--- |vim.lsp.enable()|. Started again after a crash, with longer and longer pauses, and left alone
--- when that does not help. What is asked of it is client.lua's.

local buffers = require('dragoman.buffers')
local compat = require('dragoman.compat')
local clean = require('dragoman.utf8').clean

local M = {}

---@class dragoman.ServerListener
---@field ready fun(client: vim.lsp.Client)
---@field failed fun(err: dragoman.Error) it could not be started
---@field ended fun(err: dragoman.Error)
---@field again fun(reopen: integer[]) it should be started again, with these buffers
---@field progress fun(params: {token: string|integer, value: any}): boolean was it ours?

local listener ---@type dragoman.ServerListener
local current ---@type vim.lsp.Client? initialised and alive
local starting = false
local stopping = false -- it ends because it was asked to
local leaving = false -- Neovim ends
local crashes = {} ---@type integer[] when, in ms of vim.uv.now()

local crash_window_ms = 180000
local crash_limit = 5
local first_pause_ms = 250
local start_ms = 15000 -- to answer `initialize`, which waits for nothing

--- An error of our own in the shape of the daemon's.
---@param message string
---@param kind string
---@param hint? string
---@return dragoman.Error
function M.failure(message, kind, hint)
  return { code = -32803, message = message, data = { kind = kind, hint = hint } }
end

--- The user's settings for the daemon.
---@return table
function M.overlay()
  local settings = require('dragoman.config').get().settings
  return next(settings) and settings or vim.empty_dict()
end

local handlers = {
  ['$/progress'] = function(err, params, ctx, config)
    if not listener.progress(params) then
      return vim.lsp.handlers['$/progress'](err, params, ctx, config)
    end
  end,
  ['dragoman/status'] = function(_, params)
    require('dragoman.status').set(params)
  end,
  ['workspace/configuration'] = function(_, params)
    return vim.tbl_map(function(item)
      return item.section == 'dragoman' and M.overlay() or vim.NIL
    end, params.items)
  end,
  ['workspace/applyEdit'] = function(...)
    return require('dragoman.edit.actions').on_apply_edit(...)
  end,
  ['window/showMessage'] = function(...)
    return require('dragoman.ui').on_show_message(...)
  end,
  ['window/showMessageRequest'] = function(...)
    return require('dragoman.ui').on_show_message_request(...)
  end,
}

--- Everything that goes to `new` is UTF-8 from now on.
---@param new vim.lsp.Client
local function send_clean(new)
  local rpc = new.rpc
  local notify, request = rpc.notify, rpc.request
  rpc.notify = function(method, params)
    return notify(method, clean(params))
  end
  rpc.request = function(method, params, ...)
    return request(method, clean(params), ...)
  end
end

---@param new vim.lsp.Client
local function on_init(new)
  if current == new then
    return
  end
  current, starting = new, false
  send_clean(new)
  vim.schedule(function()
    if current == new then
      listener.ready(new)
    end
  end)
end

--- Starts it again, unless it has died too often.
---@param reopen integer[]
local function after_crash(reopen)
  local now = vim.uv.now()
  crashes = vim.tbl_filter(function(time)
    return now - time < crash_window_ms
  end, crashes)
  crashes[#crashes + 1] = now
  if #crashes >= crash_limit then
    local text = 'the daemon ended %d times in 3 minutes and stays off. '
      .. '`:Dragoman log` says why, `:Dragoman restart` starts it again.'
    return require('dragoman.ui').error(text:format(#crashes))
  end
  vim.defer_fn(function()
    if not leaving and not current and not starting then
      listener.again(reopen)
    end
  end, first_pause_ms * 2 ^ (#crashes - 1))
end

---@param code integer
---@param signal integer
---@param reopen integer[] the buffers that were open at it
local function ended(code, signal, reopen)
  local was_starting, was_stopping = starting, stopping
  current, starting, stopping = nil, false, false
  if was_starting then
    local text = 'the daemon ended while it started (code %d, signal %d)'
    local hint = '`:Dragoman log` may say why.'
    listener.failed(M.failure(text:format(code, signal), 'daemonEnded', hint))
  else
    listener.ended(M.failure('the daemon has ended', 'daemonEnded', 'Try again.'))
  end
  if not leaving and not was_stopping then
    after_crash(reopen)
  end
end

---@param code integer
---@param signal integer
---@param id integer
local function on_exit(code, signal, id)
  if current and current.id ~= id or not current and not starting then
    return
  end
  -- Neovim forgets the buffers before anything scheduled here runs.
  local reopen = current and vim.tbl_keys(current.attached_buffers) or {}
  vim.schedule(function()
    ended(code, signal, reopen)
  end)
end

--- Settings come from setup() alone, because the daemon takes them for the person's own word.
--- Plugins that fill in the `settings` of every server do so from a project's files.
---@param config vim.lsp.ClientConfig
local function drop_foreign_settings(config)
  for key in pairs(config.settings or {}) do
    config.settings[key] = nil
  end
end

--- How the daemon starts, as `lsp/dragoman.lua` gives it to |vim.lsp.config|.
---@return vim.lsp.Config
function M.lsp_config()
  return {
    name = 'dragoman',
    cmd = require('dragoman.daemon').argv(),
    handlers = handlers,
    commands = {
      ['dragoman.codeAction'] = function(...)
        return require('dragoman.edit.actions').run(...)
      end,
    },
    init_options = M.overlay(),
    root_markers = buffers.root_markers,
    -- One daemon serves every project; more would ask for the same things twice.
    reuse_client = function(other)
      return other.name == 'dragoman' and not compat.call(other, 'is_stopped')
    end,
    before_init = function(_, config)
      drop_foreign_settings(config)
    end,
    on_init = on_init,
    on_exit = on_exit,
  }
end

--- `own` and then what the user has for the same event.
---@param own function
---@param users any
---@return function[]
local function both(own, users)
  local list = { own }
  for _, fn in ipairs(type(users) == 'table' and users or { users }) do
    if fn ~= own then
      list[#list + 1] = fn
    end
  end
  return list
end

--- lsp_config() with what the user wrote into vim.lsp.config('dragoman', ...) over it.
---@param bufnr? integer
---@return vim.lsp.Config
local function resolved_config(bufnr)
  local own = M.lsp_config()
  local config = own
  if vim.fn.has('nvim-0.11') == 1 and vim.lsp.config.dragoman then
    config = vim.tbl_extend('force', own, vim.lsp.config.dragoman)
    -- What was looked up before setup() ran may be older.
    if require('dragoman.config').get().cmd or type(config.cmd) ~= 'table' then
      config.cmd = own.cmd
    end
    config.init_options = vim.tbl_deep_extend('force', config.init_options or {}, own.init_options)
    config.handlers = vim.tbl_extend('force', config.handlers or {}, handlers)
    local users_before_init = config.before_init
    config.before_init = function(params, client_config)
      users_before_init(params, client_config)
      drop_foreign_settings(client_config)
    end
    config.on_init = both(on_init, config.on_init)
    config.on_exit = both(on_exit, config.on_exit)
  end
  config.root_dir = buffers.root(bufnr)
  config.root_markers, config.filetypes = nil, nil
  return config
end

--- Is it neither there nor on its way, so that launch() makes sense?
---@return boolean
function M.is_off()
  return not current and not starting and not stopping
end

--- Ends a daemon that has started and says nothing; what follows is on_exit()'s.
---@param id integer
local function end_if_mute(id)
  vim.defer_fn(function()
    local mute = starting and vim.lsp.get_client_by_id(id)
    if mute and not mute.initialized then
      compat.call(mute, 'stop', true)
    end
  end, start_ms)
end

--- Starts the daemon; the listener hears what comes of it.
---@param bufnr? integer whose project is its first
function M.launch(bufnr)
  starting = true
  local config = resolved_config(bufnr)
  require('dragoman.daemon').check(config.cmd, function(err)
    if not err and leaving then
      err = M.failure('Neovim is closing', 'daemonEnded')
    end
    local ok, id
    if not err then
      ok, id = pcall(compat.spawn, config)
    end
    local running = ok and id and vim.lsp.get_client_by_id(id)
    if running and running.initialized then
      on_init(running)
    elseif running then
      end_if_mute(running.id)
    else
      starting = false
      local text = ('%s cannot be started'):format(config.cmd[1])
      listener.failed(err or M.failure(text, 'daemon', '`:checkhealth dragoman` may say why.'))
    end
  end)
end

--- Ends the daemon, within 2 s. The listener hears `ended`.
function M.stop()
  local old = current
  crashes = {}
  if not old then
    return
  end
  stopping = true
  compat.call(old, 'stop')
  vim.defer_fn(function()
    if current == old then
      compat.call(old, 'stop', true)
    end
  end, 2000)
end

--- Who hears of it; once, before anything else.
---@param new dragoman.ServerListener
function M.listen(new)
  listener = new
  local group = vim.api.nvim_create_augroup('dragoman.server', {})
  -- Whoever starts it by |vim.lsp.enable()| may have an `on_init` of his own in the place of ours.
  vim.api.nvim_create_autocmd('LspAttach', {
    group = group,
    callback = function(event)
      local attached = vim.lsp.get_client_by_id(event.data.client_id)
      if attached and attached.name == 'dragoman' and not current then
        on_init(attached)
      end
    end,
  })
  vim.api.nvim_create_autocmd('VimLeavePre', {
    group = group,
    callback = function()
      leaving = true
    end,
  })
end

return M
