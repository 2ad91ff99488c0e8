--- What a scene gets: a folder of its own with everything a home holds, gateways, editors. All of
--- it ends with the scene.

local Editor = require('lib.editor')
local Gateway = require('lib.gateway')
local wait = require('lib.wait')

---@class test.Scene
---@field dir string of this scene alone; `dir/project` is the current folder of editors
local Scene = {}
Scene.__index = Scene

local plugin = vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p:h:h:h')
local checkout = vim.fs.dirname(vim.fs.dirname(plugin))
local nvim = vim.env.NVIM_UNDER_TEST or vim.v.progpath
local daemon = vim.env.DRAGOMAN_BIN or (checkout .. '/build/dev/bin/dragoman')
local house_gateway = vim.env.DRAGOMAN_GATEWAY or (vim.fs.dirname(daemon) .. '/dragoman-gateway')

--- What the gateway program takes for a key, by dialect.
local house_keys = {
  generic = 'gw-test0123456789',
  opencodex = 'sk-live-test0123456789',
  opeai = 'sk-test0123456789',
  openai = 'sk-proj-test0123456789',
}

Scene.till = wait.till
--- What the daemon takes for a likely secret.
Scene.secret = 'ghp_' .. 'q7Zk2Lw9Xb4Rt1Vn8Ps3Hd6Jf5Gm0Cyabcd'
Scene.daemon = daemon

local set_up = [[require('dragoman').setup(vim.tbl_extend('keep', %s, { cmd = %q }))]]

---@return string
function Scene.version()
  return vim.fn.systemlist({ nvim, '--version' })[1]:match('v(%S+)')
end

--- Is the Neovim under test at least 0.`minor`?
---@param minor integer
---@return boolean
function Scene.has(_, minor)
  return tonumber(Scene.version():match('^0%.(%d+)')) >= minor
end

--- Ends the scene without a verdict.
---@param why string
function Scene.skip(_, why)
  error({ skip = why }, 0)
end

---@param path string below the scene's folder
---@param text string
---@return string path
function Scene:write(path, text)
  local full = self.dir .. '/' .. path
  vim.fn.mkdir(vim.fs.dirname(full), 'p')
  local file = assert(io.open(full, 'wb'))
  file:write(text)
  file:close()
  return full
end

---@param path string
---@return string
function Scene:read(path)
  local file = assert(io.open(self.dir .. '/' .. path, 'rb'))
  local text = file:read('*a')
  file:close()
  return text
end

--- Writes the user's configuration file. A gateway started by this scene is provider "gw", its
--- model "gw/test" does everything; `changes` is merged over that.
---@param changes? table
function Scene:configure(changes)
  local config = {
    completion = { debounceMs = 0, lookAhead = 'never' },
    requireProvider = nil,
  }
  if self.url then
    config.providers = {
      gw = {
        preset = 'openai-compatible',
        baseUrl = self.url,
        key = self.key and { env = 'GATEWAY_KEY' } or 'none',
        retry = { attempts = 0 },
        models = { test = { infill = 'chat' } },
      },
    }
    config.completion.model = 'gw/' .. self.model
    config.chat = { model = 'gw/' .. self.model }
  end
  config = vim.tbl_deep_extend('force', config, changes or {})
  self:write('home/.config/dragoman/config.json', vim.json.encode(config))
end

--- Starts a gateway whose answers the scene gives itself, and configures it.
---@param on_request? fun(request: test.Request)
---@param changes? table of the configuration
---@return test.Gateway
function Scene:gateway(on_request, changes)
  local gateway = Gateway.start(on_request)
  self.gateways[#self.gateways + 1] = gateway
  self.url, self.model = gateway.url, 'test'
  self:configure(changes)
  return gateway
end

--- Starts the project's own gateway program, which knows answers to a few functions, and configures
--- it.
---@param opts? {dialect?: string, pace?: integer, config?: table}
---@return string url
function Scene:house_gateway(opts)
  opts = opts or {}
  local dialect = opts.dialect or 'generic'
  local said = ''
  local command = { house_gateway, '--dialect', dialect, '--pace', tostring(opts.pace or 0) }
  local job = vim.fn.jobstart(command, {
    on_stdout = function(_, data)
      said = said .. table.concat(data, '\n')
    end,
  })
  assert(job > 0, 'cannot start ' .. house_gateway)
  self.jobs[#self.jobs + 1] = job
  self.url = wait.till('the gateway program', function()
    return said:match('^(%S+)\n')
  end)
  self.model, self.key = 'deepseek-chat', house_keys[dialect]
  self:configure(opts.config)
  return self.url
end

--- Starts Neovim with the plugin.
---@param opts? {file?: string, setup?: string, before?: string, after?: string, bare?: boolean, args?: string[],
---  env?: table<string, string>, terminal?: boolean}
--- `bare`: setup() is not called; `file` is opened from `dir/project`; `setup` is the Lua text of
--- the table for setup() (default: none but `cmd`); with `terminal` it draws into a real one, and
--- what it writes there is in `output`; `before` and `after` are Lua run before and after setup()
--- in the configuration file.
---@return test.Editor
function Scene:editor(opts)
  opts = opts or {}
  local init = ([[
for _, name in ipairs({ 'python3', 'node', 'ruby', 'perl' }) do
  vim.g['loaded_' .. name .. '_provider'] = 0
end
vim.opt.runtimepath:prepend(%q)
vim.o.swapfile = false
vim.o.columns, vim.o.lines = 80, 24
%s
%s
%s
]]):format(
    plugin,
    opts.before or '',
    opts.bare and '' or set_up:format(opts.setup or '{}', daemon),
    opts.after or ''
  )
  local args = { '-u', self:write('init.lua', init) }
  vim.list_extend(args, opts.args or {})
  if opts.file then
    args[#args + 1] = opts.file
  end
  local home = self.dir .. '/home'
  local env = {
    HOME = home,
    XDG_CONFIG_HOME = home .. '/.config',
    XDG_DATA_HOME = home .. '/.local/share',
    XDG_STATE_HOME = home .. '/.local/state',
    XDG_CACHE_HOME = home .. '/.cache',
    XDG_RUNTIME_DIR = self.dir .. '/run',
    TMPDIR = self.dir .. '/tmp',
    PATH = vim.env.PATH,
    LANG = 'C.UTF-8',
    TERM = 'xterm-256color',
    GATEWAY_KEY = self.key,
    GIT_CONFIG_NOSYSTEM = '1',
  }
  local editor = Editor.start(nvim, args, {
    env = vim.tbl_extend('force', env, opts.env or {}),
    cwd = self.dir .. '/project',
    socket = opts.terminal and self.dir .. '/run/nvim.sock' or nil,
  })
  self.editors[#self.editors + 1] = editor
  if opts.terminal then
    self:expect_message('E1568') -- this terminal answers no questions about its colours
  end
  editor:rpc('nvim_get_mode')
  return editor
end

--- Messages that this scene provokes on purpose; every other error text in an editor is a failure.
---@param pattern string a Lua pattern
function Scene:expect_message(pattern)
  self.expected[#self.expected + 1] = pattern
end

function Scene.equal(_, got, wanted, what)
  if not vim.deep_equal(got, wanted) then
    local text = '%s\n  got:    %s\n  wanted: %s'
    error(text:format(what or 'not equal', vim.inspect(got), vim.inspect(wanted)), 2)
  end
end

---@param text string
---@param part string plain text
function Scene.contains(_, text, part)
  if not text:find(part, 1, true) then
    error(('%q is not in:\n%s'):format(part, text), 2)
  end
end

--- Error text in `messages` that nobody expected.
---@param messages string
---@return string?
function Scene:complaint(messages)
  for line in vim.gsplit(messages, '\n') do
    local bad = line:find('E%d+:') or line:find('Error') or line:find('stack traceback')
    bad = bad or line:find('quit with exit code') or line:find('^dragoman: ')
    for _, pattern in ipairs(self.expected) do
      bad = bad and not line:find(pattern)
    end
    if bad then
      return line
    end
  end
end

--- Ends what the scene started and looks at what it left.
---@param failed boolean
function Scene:finish(failed)
  local why
  for _, editor in ipairs(self.editors) do
    local ok, err = pcall(function()
      if failed then
        return
      end
      if vim.fn.jobwait({ editor.job }, 0)[1] == -1 then
        assert(not editor:rpc('nvim_get_mode').blocking, 'the editor is left at a prompt')
        local line = self:complaint(editor:messages())
        assert(not line, 'unexpected message: ' .. tostring(line))
        editor:quit()
      end
      assert(not editor.stderr:find('Error'), 'on stderr: ' .. editor.stderr)
    end)
    if not ok then
      why = tostring(err)
    end
    editor:kill()
  end
  for _, gateway in ipairs(self.gateways) do
    gateway:stop()
  end
  for _, job in ipairs(self.jobs) do
    vim.fn.jobstop(job)
  end
  vim.fn.delete(self.dir, 'rf')
  return why
end

local M = { version = Scene.version }

--- Runs one scene.
---@param play fun(t: test.Scene)
---@param verbose boolean
---@return 'passed'|'failed'|'skipped' result
---@return string? why
function M.run(play, verbose)
  local self = setmetatable({
    dir = vim.uv.fs_realpath(vim.fn.tempname():match('^(.*)/')) .. '/scene',
    editors = {},
    gateways = {},
    jobs = {},
    expected = {},
  }, Scene)
  vim.fn.delete(self.dir, 'rf')
  -- `.hg` says that the project ends there: what lies above in the temporary folder is not its own.
  for _, folder in ipairs({ 'project', 'project/.hg', 'home', 'run', 'tmp' }) do
    vim.fn.mkdir(self.dir .. '/' .. folder, 'p', '0700')
  end
  local ok, err = xpcall(play, function(err)
    if type(err) == 'table' then
      return err
    end
    return verbose and debug.traceback(tostring(err), 2) or tostring(err)
  end, self)
  local skip = not ok and type(err) == 'table' and err.skip
  if not ok and not skip then
    local states = {}
    for _, editor in ipairs(self.editors) do
      local described, text = pcall(editor.describe, editor)
      states[#states + 1] = verbose and described and text or nil
    end
    err = table.concat({ tostring(err), unpack(states) }, '\n')
  end
  local left = self:finish(not ok)
  if skip then
    return 'skipped', skip
  elseif not ok then
    return 'failed', err
  elseif left then
    return 'failed', left
  end
  return 'passed'
end

return M
