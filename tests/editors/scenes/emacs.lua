--- Emacs with lsp-mode, the second editor that shows ghost text without a plugin of ours.

local client = require('client')

local here = vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p:h:h')
local hole = 'int add(int a, int b) {\n    return\n}\n'
local added = 'int add(int a, int b) {\n    return a + b;\n}\n'

--- Emacs with `text` open at a daemon whose model says `answer`.
local function start(t, text, config, answer)
  local program = client.program(t, 'DRAGOMAN_EMACS')
  t:gateway(function(request)
    request:answer(answer)
  end, config)
  local set_up = t:write('home/set-up.el', client.readme('elisp'))
  t:write('project/a.cpp', text)
  vim.fn.system({ 'git', 'init', '-q', t.dir .. '/project' })
  local emacs = client.start(t, { program, '-nw', '-Q', '-l', here .. '/emacs_init.el', 'a.cpp' }, {
    SCENE_SETUP = set_up,
    SCENE_SAID = t.dir .. '/said',
  })
  return emacs:wait('the daemon to serve', function()
    return emacs:screen():find('LSP%[dragoman:%d+%]')
  end)
end

--- Saves, ends, and looks at the file and at what the user was told.
local function ends(t, emacs, text)
  emacs:type('<C-c>q'):ended()
  t:equal(t:read('project/a.cpp'), text)
  local said = t:read('said')
  assert(not said:lower():find('error') and not said:lower():find('fail'), said)
  return said
end

local scenes = {}

scenes['ghost text appears while typing, and accepting it gives exactly its text'] = function(t)
  local emacs = start(t, hole, nil, 'a + b;')
  emacs:type('<C-n><C-e> '):shows('return a + b;'):type('<C-j>')
  ends(t, emacs, added)
end

scenes['the menu offers the suggestion where it is on'] = function(t)
  local emacs = start(t, hole, { completion = { menu = true } }, 'a + b;')
  emacs:type('<C-n><C-e> '):shows('return a + b;'):type('<C-g>'):hides('a + b;')
  emacs:type('<M-Tab>'):shows('1 possible completion'):type('<C-x>on<CR>'):shows('return a + b;')
  ends(t, emacs, added)
end

scenes['a code action rewrites what is selected'] = function(t)
  local emacs = start(t, 'int add(int a, int b) { return b + a; }\n', nil, added)
  emacs
    :type('<C-c>a')
    :shows('Select code action')
    :type('<Tab>')
    :shows('Explain', 'Document', 'Write tests')
  emacs:type('Rew<Tab><CR>'):shows('    return a + b;')
  ends(t, emacs, added)
end

scenes['Explain is shown in words'] = function(t)
  local emacs = start(t, added, nil, 'It adds two numbers.')
  emacs
    :type('<C-c>a')
    :shows('Select code action')
    :type('Exp<Tab><CR>')
    :shows('It adds two numbers.')
  t:contains(ends(t, emacs, added), 'It adds two numbers.')
end

return scenes
