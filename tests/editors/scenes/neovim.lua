--- Neovim as a plain client, by README.md's lines alone; one scene before a real model server.

local client = require('client')
local wait = require('lib.wait')

local hole = 'def add(left, right):\n    \n\nprint(add(1, 2))\n'
local added = 'def add(left, right):\n    return left + right\n\nprint(add(1, 2))\n'

local function start(t)
  local program = client.program(t, 'DRAGOMAN_NVIM12')
  t:write('project/add.py', hole)
  vim.fn.system({ 'git', 'init', '-q', t.dir .. '/project' })
  local init = t:write('home/init.lua', client.readme('lua') .. [[

for _, name in ipairs({ 'python3', 'node', 'ruby', 'perl' }) do
  vim.g['loaded_' .. name .. '_provider'] = 0
end
vim.api.nvim_create_autocmd('LspAttach', { command = 'echo "attached"' })
]])
  local command = { program, '--clean', '-n', '-i', 'NONE', '-u', init, 'add.py' }
  return client.start(t, command):shows('def add', 'attached')
end

local function accepts(t, nvim)
  nvim:type('jA'):shows('INSERT', 'return left + right'):type('<Tab>')
  nvim:type('<Esc>'):hides('INSERT'):type(':wq<CR>')
  t:equal(nvim:ended(), 0)
  t:equal(t:read('project/add.py'), added)
end

local scenes = {}

scenes['ghost text appears while typing, and accepting it gives exactly its text'] = function(t)
  t:gateway(function(request)
    request:answer('return left + right')
  end)
  accepts(t, start(t))
end

scenes['a real model server gives the ghost text'] = function(t)
  local server, model = vim.env.DRAGOMAN_LLAMA_SERVER or '', vim.env.DRAGOMAN_LLAMA_MODEL
  if server == '' then
    t:skip('DRAGOMAN_LLAMA_SERVER is not set; scripts/model-server tells what to export')
  end
  local said = ''
  local command = { 'setpriv', '--pdeathsig', 'KILL', server, '--model', model, '--alias', 'tiny' }
  vim.list_extend(command, { '--host', '127.0.0.1', '--port', '0', '--offline', '--threads', '1' })
  local job = vim.fn.jobstart(command, {
    on_stderr = function(_, data)
      said = said .. table.concat(data, '\n')
    end,
  })
  table.insert(t.jobs, job)
  local url = wait.till('the model server', function()
    return said:match('listening on (http://127%.0%.0%.1:%d+)')
  end, function()
    return said
  end)
  t:configure({
    providers = { llama = { preset = 'llamacpp', baseUrl = url .. '/v1' } },
    completion = { model = 'llama/tiny' },
  })
  accepts(t, start(t))
end

return scenes
