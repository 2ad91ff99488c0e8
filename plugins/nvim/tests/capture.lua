--- Draws the pictures of the documentation from a real editor in front of a scripted gateway.
---
---     nvim -l tests/capture.lua FOLDER [name]...
---
--- Writes FOLDER/NAME.svg. Environment: as for run.lua.

local here = vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p:h')
package.path = here .. '/?.lua;' .. package.path
local picture = require('lib.picture')
local Scene = require('lib.scene')

local source = [[
#include <numeric>
#include <vector>

double average(const std::vector<double>& values) {

}
]]

local body = [[
    if (values.empty()) return 0;
    double sum = 0;
    for (double value : values) sum += value;
    return sum / static_cast<double>(values.size());
]]

--- An editor with C++ open.
local function start(t, text, lines, columns)
  local gateway = t:gateway()
  local model = 'opencodex/deepseek-chat'
  t:configure({
    providers = {
      opencodex = {
        preset = 'openai-compatible',
        baseUrl = gateway.url,
        key = 'none',
        models = { ['deepseek-chat'] = { infill = 'chat' } },
      },
    },
    completion = { model = model },
    chat = { model = model },
  })
  t:write('project/stats.cpp', text)
  local e = t:editor({
    file = 'stats.cpp',
    after = ('vim.o.number = true vim.o.columns = %d vim.o.lines = %d'):format(
      columns or 84,
      lines
    ),
  })
  e:wait_daemon()
  e:wait('the buffer to be open', [[return require('dragoman.client').attached(0) ~= nil]])
  return e, gateway
end

local pictures = {}

pictures['ghost-text'] = {
  title = 'Neovim with ghost text from dragoman',
  play = function(t)
    local e, gateway = start(t, source, 13)
    gateway.on_request = function(request)
      request:answer(body)
    end
    e:keys('5GC    ')
    e:wait(
      'the suggestion',
      [[
      local id = vim.api.nvim_get_namespaces()['dragoman.ghost']
      return id and #vim.api.nvim_buf_get_extmarks(0, id, 0, -1, {}) > 0
    ]]
    )
    return e
  end,
}

pictures['edit'] = {
  title = 'Neovim showing an edit: the lines that would go, and below them those that would come',
  play = function(t)
    local e, gateway = start(t, (source:gsub('\n\n}', '\n' .. body .. '}')), 17)
    e:keys('4GVG:Dragoman edit use std::accumulate<CR>')
    gateway:wait_request():answer([[
double average(const std::vector<double>& values) {
    if (values.empty()) return 0;
    const double sum = std::accumulate(values.begin(), values.end(), 0.0);
    return sum / static_cast<double>(values.size());
}
]])
    e:wait('the change', [[return require('dragoman.edit').state() == 'deciding']])
    return e
  end,
}

pictures['chat'] = {
  title = 'Neovim with the chat beside the file: a question, and the answer while it comes',
  play = function(t)
    local e, gateway = start(t, (source:gsub('\n\n}', '\n' .. body .. '}')), 24, 124)
    e:keys(':4,9Dragoman chat Why is 0 returned for an empty vector?<CR>')
    local request = gateway:wait_request()
    request:text([[
The mean of no values is undefined: the sum would be divided by zero, which is `NaN` here.
Returning 0 keeps callers simple. Where they have to tell the cases apart, return nothing:

```cpp
std::optional<double> average(const std::vector<double>& values) {
    if (values.empty()) return std::nullopt;
```
]])
    e:wait(
      'the answer',
      [[
      for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
        local text = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n')
        if text:find('std::nullopt', 1, true) then
          return true
        end
      end
    ]]
    )
    return e
  end,
}

local folder = assert(_G.arg[1], 'usage: nvim -l tests/capture.lua FOLDER [name]...')
local wanted = vim.list_slice(_G.arg, 2)
local failed = false
for name, one in vim.spairs(pictures) do
  if #wanted == 0 or vim.list_contains(wanted, name) then
    local result, why = Scene.run(function(t)
      local e = one.play(t)
      local file = assert(io.open(('%s/%s.svg'):format(folder, name), 'wb'))
      file:write(picture.svg(e, one.title))
      file:close()
      e:keys('<Esc>')
    end, true)
    failed = failed or result ~= 'passed'
    io.stdout:write(('%s %s\n%s'):format(result, name, why and why .. '\n' or ''))
  end
end
os.exit(failed and 1 or 0)
