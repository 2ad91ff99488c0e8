--- A child Neovim under test: keys go in as typed, everything else by RPC. It ends with its scene,
--- and so does the daemon it started.

local wait = require('lib.wait')

---@class test.Editor
---@field job integer the process
---@field channel integer for RPC
---@field pid integer
---@field stderr string
---@field output string what it wrote to its terminal, when it has one
---@field seen table<integer, true> daemons it had
local Editor = {}
Editor.__index = Editor

--- An RPC request. A child that hangs is killed after the bound, which makes this an error.
---@param method string
---@param ... any
---@return any
function Editor:rpc(method, ...)
  local pid = self.pid
  local watchdog = assert(vim.uv.new_timer())
  watchdog:start(wait.bound_ms + 5000, 0, function()
    vim.uv.kill(pid, 9)
  end)
  local ok, result = pcall(vim.rpcrequest, self.channel, method, ...)
  watchdog:stop()
  watchdog:close()
  if not ok then
    error(('%s: %s\n%s'):format(method, result, self.stderr), 0)
  end
  return result
end

--- Runs Lua in the child; `...` are its arguments.
---@param code string
---@param ... any
---@return any
function Editor:lua(code, ...)
  return self:rpc('nvim_exec_lua', code, { ... })
end

--- Types keys in |key-notation|.
---@param keys string
function Editor:keys(keys)
  local rest = keys
  while #rest > 0 do
    local taken = self:rpc('nvim_input', rest)
    rest = rest:sub(taken + 1)
    assert(taken > 0, 'no room for keys')
  end
end

--- Waits until typed keys have been worked off: the child answers again and waits for more of them.
--- Modes that block on a key (a prompt, a pending operator) count as such.
function Editor:settle()
  wait.till('the typed keys to be worked off', function()
    local mode = self:rpc('nvim_get_mode')
    return mode.blocking or self:lua('return vim.fn.getchar(1) == 0')
  end)
end

--- Polls Lua in the child until it returns something true.
---@param what string
---@param code string
---@param ... any
---@return any
function Editor:wait(what, code, ...)
  local args = { ... }
  return wait.till(what, function()
    if self:rpc('nvim_get_mode').blocking then
      return false
    end
    local value = self:lua(code, unpack(args))
    return value ~= vim.NIL and value
  end, function()
    return self:describe()
  end)
end

---@param buffer? integer
---@return string[]
function Editor:lines(buffer)
  return self:rpc('nvim_buf_get_lines', buffer or 0, 0, -1, false)
end

--- Waits until the current buffer holds `lines`.
---@param lines string[]
function Editor:wait_lines(lines)
  wait.till('the text ' .. vim.inspect(lines), function()
    return vim.deep_equal(self:lines(), lines)
  end, function()
    return self:describe()
  end)
end

--- The ghost text of the current buffer: what stands in the text and below it.
---@return {row: integer, col: integer, text: string, below: string[], pos: string}? row and col from 0
function Editor:ghost()
  local marks = self:lua([[
    local out = {}
    for name, id in pairs(vim.api.nvim_get_namespaces()) do
      if name == 'dragoman.ghost' or name == 'nvim.lsp.inline_completion' then
        vim.list_extend(out, vim.api.nvim_buf_get_extmarks(0, id, 0, -1, { details = true }))
      end
    end
    return out
  ]])
  local mark = marks[1]
  if not mark then
    return nil
  end
  local function joined(chunks)
    local text = ''
    for _, chunk in ipairs(chunks or {}) do
      text = text .. chunk[1]
    end
    return text
  end
  local details = mark[4]
  local ghost = {
    row = mark[2],
    col = mark[3],
    text = joined(details.virt_text),
    pos = details.virt_text_pos,
    below = vim.tbl_map(joined, details.virt_lines or {}),
    marks = #marks,
  }
  return ghost
end

--- Waits until the ghost text's first line is `text` ('' waits until there is none) and the lines
--- below are `below`.
---@param text string
---@param below? string[]
function Editor:wait_ghost(text, below)
  wait.till(('the ghost text %q'):format(text), function()
    local ghost = self:ghost()
    if not ghost then
      return text == ''
    end
    return ghost.text == text and vim.deep_equal(ghost.below, below or {})
  end, function()
    return self:describe()
  end)
end

--- A line of the screen as it is drawn.
---@param row integer from 1
---@return string
function Editor:screen_line(row)
  return self:lua(
    [[
    vim.cmd('redraw')
    local cells = {}
    for col = 1, vim.o.columns do
      cells[col] = vim.fn.screenstring(..., col)
    end
    return (table.concat(cells):gsub('%s+$', ''))
  ]],
    row
  )
end

--- The whole screen, blank lines at its end left out.
---@return string
function Editor:screen()
  local rows = {}
  for row = 1, self:lua('return vim.o.lines') do
    rows[row] = self:screen_line(row)
  end
  return (table.concat(rows, '\n'):gsub('\n+$', ''))
end

--- Records the methods that are sent to the daemon from now on; sent() lists them.
function Editor:spy()
  self:lua([[
    _G.sent = {}
    local rpc = require('dragoman.client').attached().rpc
    local notify, request = rpc.notify, rpc.request
    rpc.notify = function(method, params)
      table.insert(sent, { method = method, params = vim.deepcopy(params) })
      return notify(method, params)
    end
    rpc.request = function(method, params, ...)
      table.insert(sent, { method = method, params = vim.deepcopy(params) })
      return request(method, params, ...)
    end
  ]])
end

--- What was sent since spy(), by method.
---@param method string
---@return table[] params
function Editor:sent(method)
  return self:lua(
    [[
    local out = {}
    for _, message in ipairs(sent) do
      if message.method == ... then
        out[#out + 1] = message.params or {}
      end
    end
    return out
  ]],
    method
  )
end

---@return string
function Editor:messages()
  return self:lua([[return vim.api.nvim_exec2('messages', { output = true }).output]])
end

--- Waits until a message that holds `part` has been shown.
---@param part string plain text
function Editor:wait_message(part)
  self:wait(
    ('the message %q'):format(part),
    [[
    local said = vim.api.nvim_exec2('messages', { output = true }).output
    return said:gsub('%s+', ' '):find(..., 1, true) ~= nil
  ]],
    part
  )
end

--- What a failure should say about the child.
---@return string
function Editor:describe()
  local mode = self:rpc('nvim_get_mode')
  if mode.blocking then
    return ('the editor waits for a key in mode %s'):format(mode.mode)
  end
  return ('mode %s, cursor %s\nlines %s\nghost %s\nmessages %s'):format(
    mode.mode,
    vim.inspect(self:rpc('nvim_win_get_cursor', 0)),
    vim.inspect(self:lines()),
    vim.inspect(self:ghost(), { newline = ' ', indent = '' }),
    self:messages()
  )
end

--- The process id of the daemon, once this editor has one that is ready.
---@return integer
function Editor:wait_daemon()
  self:wait('the daemon', [[return require('dragoman.client').attached() ~= nil]])
  return self:daemon_pids()[1]
end

--- Processes of the daemon that are children of this editor, and all that are known from before.
---@return integer[]
function Editor:daemon_pids()
  local path = ('/proc/%d/task/%d/children'):format(self.pid, self.pid)
  local file = io.open(path)
  local pids = {}
  for pid in (file and file:read('*a') or ''):gmatch('%d+') do
    local comm = io.open(('/proc/%s/comm'):format(pid))
    if comm and comm:read('*l') == 'dragoman' then
      pids[#pids + 1] = tonumber(pid)
    end
    if comm then
      comm:close()
    end
  end
  if file then
    file:close()
  end
  for _, pid in ipairs(pids) do
    self.seen[pid] = true
  end
  return pids
end

---@param pid integer
---@return boolean
local function lives(pid)
  local stat = io.open(('/proc/%d/stat'):format(pid))
  if not stat then
    return false
  end
  local state = (stat:read('*l') or ''):match('%) (%a)')
  stat:close()
  return state ~= nil and state ~= 'Z' and state ~= 'X'
end

--- Waits until the editor and its daemons are gone.
function Editor:wait_gone()
  wait.till('the editor to end', function()
    return vim.fn.jobwait({ self.job }, 0)[1] ~= -1
  end)
  for pid in pairs(self.seen) do
    wait.till(('daemon %d to end'):format(pid), function()
      return not lives(pid)
    end)
  end
end

--- Types keys that end the editor: nobody answers any more.
---@param keys string
function Editor:leave(keys)
  self:daemon_pids()
  vim.rpcnotify(self.channel, 'nvim_input', keys)
  wait.till('the editor to end', function()
    return vim.fn.jobwait({ self.job }, 0)[1] ~= -1
  end)
end

--- Ends the editor as a person would who does not want to keep anything.
function Editor:quit()
  if vim.fn.jobwait({ self.job }, 0)[1] == -1 then
    self:daemon_pids()
    pcall(vim.rpcnotify, self.channel, 'nvim_command', 'qall!')
    self:wait_gone()
  end
end

--- Ends everything at once; for after a failure.
function Editor:kill()
  pcall(self.daemon_pids, self)
  vim.fn.jobstop(self.job)
  if lives(self.pid) then
    vim.uv.kill(self.pid, 9)
  end
  for pid in pairs(self.seen) do
    if lives(pid) then
      vim.uv.kill(pid, 9)
    end
  end
end

local M = {}

---@param program string
---@param args string[]
---@param opts {env: table<string, string>, cwd: string, socket?: string} with `socket` it runs in a terminal
---@return test.Editor
function M.start(program, args, opts)
  local self = setmetatable({ stderr = '', output = '', seen = {} }, Editor)
  local command = { program, '--clean', '-n', '-i', 'NONE' }
  local job = { env = opts.env, clear_env = true, cwd = opts.cwd }
  if opts.socket then
    vim.list_extend(command, { '--listen', opts.socket })
    job.pty, job.width, job.height = true, 80, 24
    job.on_stdout = function(_, data)
      self.output = self.output .. table.concat(data, '\n')
    end
  else
    vim.list_extend(command, { '--embed', '--headless' })
    job.rpc = true
    job.on_stderr = function(_, data)
      self.stderr = self.stderr .. table.concat(data, '\n')
    end
  end
  self.job = vim.fn.jobstart(vim.list_extend(command, args), job)
  assert(self.job > 0, 'cannot start ' .. program)
  if opts.socket then
    self.channel = wait.till('the editor in its terminal', function()
      local ok, channel = pcall(vim.fn.sockconnect, 'pipe', opts.socket, { rpc = true })
      return ok and channel > 0 and channel
    end)
    self.pid = self:rpc('nvim_call_function', 'getpid', {})
    wait.till('the editor to be ready', function()
      return self:lua('return vim.v.vim_did_enter == 1')
    end)
  else
    self.channel = self.job
    self.pid = vim.fn.jobpid(self.job)
  end
  return self
end

return M
