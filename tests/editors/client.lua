--- A plain LSP client in a terminal: started in the scene's project with dragoman on its PATH,
--- nothing of the user's, and the set-up that README.md gives.

local Terminal = require('terminal')

local M = {}

local source = vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p:h:h:h')

--- The program that `variable` names, or the end of the scene.
---@param t test.Scene
---@param variable string
---@return string
function M.program(t, variable)
  local program = vim.env[variable]
  if not program or program == '' then
    t:skip(('%s is not set; scripts/editors tells what to export'):format(variable))
  end
  return program
end

--- The first block of README.md in `language`: what people copy is what is tested.
---@param language string
---@return string
function M.readme(language)
  local file = assert(io.open(source .. '/README.md'))
  local text = file:read('*a')
  file:close()
  local block = text:match('\n```' .. language .. '\n(.-\n)```')
  return assert(block, 'README.md has no block in ' .. language)
end

--- Starts `command` and ends it with the scene.
---@param t test.Scene
---@param command string[]
---@param env? table<string, string>
---@return test.Terminal
function M.start(t, command, env)
  local home = t.dir .. '/home'
  local terminal = Terminal.start(command, {
    cwd = t.dir .. '/project',
    env = vim.tbl_extend('error', {
      HOME = home,
      XDG_CONFIG_HOME = home .. '/.config',
      XDG_DATA_HOME = home .. '/.local/share',
      XDG_STATE_HOME = home .. '/.local/state',
      XDG_CACHE_HOME = home .. '/.cache',
      TMPDIR = t.dir .. '/tmp',
      PATH = vim.fs.dirname(t.daemon) .. ':' .. vim.env.PATH,
      LANG = 'C.UTF-8',
      TERM = 'xterm-256color',
    }, env or {}),
  })
  table.insert(t.jobs, terminal.job)
  return terminal
end

return M
