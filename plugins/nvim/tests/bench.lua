--- What the plugin costs: loading it, and each key that is typed. Measured inside of the editor,
--- with the real daemon.
---
---     nvim -l tests/bench.lua [--check]
---
--- Prints medians and 95th percentiles; --check fails where a median is above its limit. A key's
--- cost is all the time spent in functions of the plugin between one key and the next: its
--- autocommands and what they schedule, requests included. Neovim's own part, following the text
--- for a language server, is shown beside it.

local here = vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p:h')
package.path = here .. '/?.lua;' .. package.path
local Scene = require('lib.scene')

local load_limit_ms, key_limit_ms = 2, 0.2
local failed = false

---@param values number[]
---@param part number
---@return number
local function percentile(values, part)
  table.sort(values)
  return values[math.max(1, math.ceil(#values * part))]
end

---@param what string
---@param values number[] ms
---@param limit? number
local function report(what, values, limit)
  local median, p95 = percentile(values, 0.5), percentile(values, 0.95)
  local over = limit and median > limit
  failed = failed or over
  print(
    ('%-44s median %7.3f ms   p95 %7.3f ms%s%s'):format(
      what,
      median,
      p95,
      limit and ('   limit %.1f'):format(limit) or '',
      over and '   TOO SLOW' or ''
    )
  )
end

--- Lua that times every callback which the plugin, or Neovim's following of the text, registers.
local timers = [[
_G.cost = { plugin = 0, neovim = 0 }
local depth = 0
local function timed(fn, account)
  return function(...)
    if depth > 0 then return fn(...) end
    depth = 1
    local began = vim.uv.hrtime()
    local results = { pcall(fn, ...) }
    cost[account] = cost[account] + (vim.uv.hrtime() - began) / 1e6
    depth = 0
    if not results[1] then error(results[2], 0) end
    return unpack(results, 2)
  end
end
local function is_ours(level)
  return debug.getinfo(level, 'S').source:find('/dragoman/', 1, true) ~= nil
end
local create, schedule, attach = vim.api.nvim_create_autocmd, vim.schedule, vim.api.nvim_buf_attach
vim.api.nvim_create_autocmd = function(events, opts)
  if type(opts.callback) == 'function' and is_ours(3) then
    opts = vim.tbl_extend('force', opts, { callback = timed(opts.callback, 'plugin') })
  end
  return create(events, opts)
end
vim.schedule = function(fn)
  return schedule(is_ours(3) and timed(fn, 'plugin') or fn)
end
vim.api.nvim_buf_attach = function(buf, send, opts)
  if opts.on_lines and not is_ours(3) then opts.on_lines = timed(opts.on_lines, 'neovim') end
  return attach(buf, send, opts)
end
]]

---@param t test.Scene
---@param e test.Editor
---@param keys string[]
---@return number[] plugin ms for each key
---@return number[] neovim
local function type_keys(t, e, keys)
  local plugin, neovim = {}, {}
  for i, key in ipairs(keys) do
    e:lua('cost.plugin, cost.neovim = 0, 0')
    local tick = e:lua('return vim.api.nvim_buf_get_changedtick(0)')
    e:keys(key)
    t.till('the key', function()
      return e:lua('return vim.api.nvim_buf_get_changedtick(0)') > tick
    end)
    e:settle()
    local cost = e:lua('return cost')
    plugin[i], neovim[i] = cost.plugin, cost.neovim
  end
  return plugin, neovim
end

local function bench_loading(t)
  local loads, sets = {}, {}
  for i = 1, 15 do
    local e = t:editor({ bare = true, args = { '--cmd', 'set noloadplugins' } })
    loads[i], sets[i] = unpack(e:lua([[
      local began = vim.uv.hrtime()
      vim.cmd.runtime('plugin/dragoman.lua')
      local loaded = vim.uv.hrtime()
      require('dragoman').setup({ settings = { completion = { model = 'gw/test' } } })
      return { (loaded - began) / 1e6, (vim.uv.hrtime() - loaded) / 1e6 }
    ]]))
    e:quit()
  end
  report('plugin file', loads, load_limit_ms)
  report('setup()', sets, load_limit_ms)
end

local function bench_keys(t)
  local long = 'result = ' .. ('value + '):rep(40) .. '1'
  local gateway = t:gateway()
  t:write('project/a.py', ('x = 1  # a line of a file of usual size\n'):rep(1000) .. '\n')
  local e = t:editor({ file = 'a.py', before = timers })
  e:wait('the buffer to be open', [[return require('dragoman.client').attached(0) ~= nil]])
  e:keys('GA')
  gateway:wait_request(1):answer(long)
  e:wait('a suggestion', [[return require('dragoman.ghost').visible()]])
  gateway.on_request = function(request)
    request:answer('')
  end
  local plugin, neovim = type_keys(t, e, vim.split(long:sub(1, 200), ''))
  report('a key that agrees with the suggestion', plugin, key_limit_ms)
  report("  Neovim's following of the text", neovim)
  plugin, neovim = type_keys(t, e, vim.split(('abcdefg '):rep(25), ''))
  report('a key that asks anew', plugin, key_limit_ms)
  report("  Neovim's following of the text", neovim)
end

for _, bench in ipairs({ bench_loading, bench_keys }) do
  local result, why = Scene.run(bench, false)
  if result ~= 'passed' then
    print(result, why)
    failed = true
  end
end
os.exit(_G.arg[1] == '--check' and failed and 1 or 0)
