--- Finds the daemon and makes sure that it is one this plugin understands. The check runs `dragoman
--- --version` once per program and session, in the background.

local M = {}

--- The editor protocol that this plugin speaks.
M.protocol = 1

local get_it = 'Put it on $PATH, or set `cmd` in setup(); see :help dragoman-install.'

---@type table<string, {err?: dragoman.Error, version?: string}>
local checked = {}

--- Folder of the plugin, with no slash at its end.
---@return string
function M.plugin_root()
  local here = debug.getinfo(1, 'S').source:sub(2)
  return vim.fs.dirname(vim.fs.dirname(vim.fs.dirname(vim.fn.fnamemodify(here, ':p'))))
end

--- Places outside of $PATH where the daemon may be, best first.
---@return string[]
function M.places()
  local root = M.plugin_root()
  return {
    root .. '/bin/dragoman',
    vim.fs.dirname(vim.fs.dirname(root)) .. '/build/release/bin/dragoman',
  }
end

--- Program and arguments to start, without looking whether it works. Never nil: a missing daemon is
--- `dragoman`, so that whoever starts it says what is missing.
---@return string[]
function M.argv()
  local cmd = require('dragoman.config').get().cmd
  if type(cmd) == 'table' then
    return vim.deepcopy(cmd)
  end
  local program = cmd and vim.fn.expand(cmd)
  if not program then
    program = 'dragoman'
    if vim.fn.executable(program) == 0 then
      for _, place in ipairs(M.places()) do
        if vim.fn.executable(place) == 1 then
          program = place
          break
        end
      end
    end
  end
  -- A Lua configuration is a program of the user's; what it sets counts as the user's word.
  return { program, '--stdio', '--trust-editor-settings' }
end

---@param message string
---@param hint string
---@return dragoman.Error
local function problem(message, hint)
  return { code = -32803, message = message, data = { kind = 'daemon', hint = hint } }
end

---@param program string
---@param done vim.SystemCompleted
---@return {err?: dragoman.Error, version?: string}
local function judge(program, done)
  local version, protocol = (done.stdout or ''):match('^dragoman (%S+) %(editor protocol (%d+)%)')
  if done.code ~= 0 or not version then
    local said = vim.trim((done.stderr or '') .. (done.stdout or '')):match('^[^\n]*')
    if done.signal == 15 or done.code == 124 then
      said = 'no answer within 5 s'
    end
    local what = ('%s is no working dragoman (%s)'):format(program, said ~= '' and said or 'silent')
    return { err = problem(what, get_it) }
  end
  if tonumber(protocol) < M.protocol then
    local what = ('dragoman %s at %s is too old for this plugin'):format(version, program)
    return { err = problem(what, 'Update it; see :help dragoman-install.') }
  end
  return { version = version }
end

--- Looks whether the program of `argv` is a daemon that speaks our protocol.
---@param argv string[]
---@param cb fun(err: dragoman.Error?, version: string?) on the main loop; at once when it is known already
function M.check(argv, cb)
  local program = vim.fn.exepath(argv[1])
  if program == '' then
    return cb(problem(('there is no program `%s`'):format(argv[1]), get_it))
  end
  local known = checked[program]
  if known then
    return cb(known.err, known.version)
  end
  local command = { program, '--version' }
  local ok, failure = pcall(
    vim.system,
    command,
    { text = true, timeout = 5000 },
    vim.schedule_wrap(function(done)
      local verdict = judge(program, done)
      -- A bad one is looked at again next time: it may have been replaced meanwhile.
      checked[program] = not verdict.err and verdict or nil
      cb(verdict.err, verdict.version)
    end)
  )
  if not ok then
    cb(problem(('%s cannot be run: %s'):format(program, failure), get_it))
  end
end

return M
