--- Helix, a plain client without ghost text: the menu and the code actions.

local client = require('client')

local add = 'int add(int a, int b) {\n    return\n}\n'
local added = 'int add(int a, int b) {\n    return a + b;\n}\n'

--- Helix with `text` open, everything selected, and the menu of code actions on the screen.
local function start(t, text, config, answer)
  local program = client.program(t, 'DRAGOMAN_HELIX')
  t:gateway(function(request)
    request:answer(answer)
  end, config)
  t:write('home/.config/helix/languages.toml', client.readme('toml'))
  t:write('project/a.cpp', text)
  local helix = client.start(t, { program, 'a.cpp' })
  -- Nothing on the screen says that the daemon is there: ask until it answers.
  helix:shows(text:match('^[^\n]+')):type('%'):wait('code actions', function()
    helix:type('<Space>a')
    return vim.wait(500, function()
      return helix:has('Explain')
    end, 10)
  end)
  return helix
end

local function saves(t, helix, text)
  helix:type(':w<CR>'):wait('the file to be saved', function()
    -- While Helix saves, there is no such file for a moment.
    local there, saved = pcall(t.read, t, 'project/a.cpp')
    return there and saved == text
  end)
  local screen = helix:screen():lower()
  assert(not screen:find('error') and not screen:find('fail'), screen)
end

local scenes = {}

scenes['the menu offers the suggestion, and accepting it gives exactly its text'] = function(t)
  local helix = start(t, add, { completion = { menu = true } }, 'a + b;')
  helix:type('<Esc>'):hides('Explain'):type('ggjA '):shows('INS', 'a + b;')
  helix:type('<C-n>'):shows('return a + b;'):type('<CR>'):type('<Esc>'):shows('NOR')
  saves(t, helix, added)
end

scenes['a code action rewrites what is selected'] = function(t)
  local helix = start(t, 'int add(int a, int b) { return b + a; }\n', nil, added)
  helix:shows('Explain', 'Document', 'Write tests', 'Rewrite')
  helix:type('<C-n><C-n><C-n><CR>'):shows('    return a + b;')
  saves(t, helix, added)
end

return scenes
