--- Ghost text by Neovim's own inline completion, and what it leaves open.

local ghost = require('lib.ghost')

local scenes = {}

local function in_function(t, on_request, opts)
  if not t:has(12) then
    t:skip('needs Neovim 0.12')
  end
  opts = vim.tbl_extend('keep', opts or {}, { setup = [[{ ghost = { renderer = 'builtin' } }]] })
  return ghost.in_function(t, on_request, opts)
end

--- Answers the first request and holds every other.
local function once(text)
  local answered = false
  return function(request)
    if not answered then
      answered = true
      request:answer(text)
    end
  end
end

scenes['it is chosen by itself where it is in use already'] = function(t)
  local e = in_function(t, once('return a + b'), {
    setup = '{}',
    before = [[vim.lsp.inline_completion.enable(true)]],
  })
  t:equal(e:lua([[return require('dragoman.ghost').which()]]), 'builtin')
  e:wait_ghost('return a + b')
  t:equal(e:ghost().marks, 1)
end

scenes['a suggestion appears and <Tab> accepts it in one step of undo'] = function(t)
  local e = in_function(t, once('return a + b'))
  e:wait_ghost('return a + b')
  e:keys('<Tab>')
  e:wait_lines({ 'def add(a, b):', '    return a + b' })
  e:keys('<Esc>u')
  e:wait_lines({ 'def add(a, b):', '    ' })
end

scenes['accepting after typing further goes on from there'] = function(t)
  local e = in_function(t, once('return a + b'))
  e:wait_ghost('return a + b')
  e:keys('ret')
  e:wait_ghost('urn a + b')
  e:keys('<Tab>')
  e:wait_lines({ 'def add(a, b):', '    return a + b' })
end

scenes['a suggestion that does not fit any more is neither shown nor accepted'] = function(t)
  local e = in_function(t, once('return a + b'))
  e:wait_ghost('return a + b')
  e:keys('x')
  e:wait_ghost('')
  e:keys('<Tab>')
  e:wait('a plain tab', [[return vim.fn.getline(2):find('x%s+$') ~= nil]])
end

scenes['words are accepted, and the daemon hears of all of it'] = function(t)
  local e = in_function(t, once('return a + b'))
  e:wait_ghost('return a + b')
  e:spy()
  e:keys('<M-Right>')
  e:wait_lines({ 'def add(a, b):', '    return' })
  t:equal(#e:sent('textDocument/didPartiallyAcceptCompletion'), 1)
  e:wait_ghost(' a + b')
  e:keys('<Tab>')
  e:wait_lines({ 'def add(a, b):', '    return a + b' })
  t:equal(e:sent('workspace/executeCommand')[1].command, 'dragoman.completionAccepted')
end

scenes['it stays away from the menu'] = function(t)
  local e = in_function(t, once('return a + b'))
  e:wait_ghost('return a + b')
  e:keys('<C-x><C-n>')
  e:wait('the menu', [[return vim.fn.pumvisible() == 1]])
  e:wait_ghost('')
end

scenes['the trigger key asks as a person'] = function(t)
  local e = in_function(t, once('return a + b'))
  e:wait_ghost('return a + b')
  e:keys('<C-]>')
  e:wait_ghost('')
  e:spy()
  e:keys('<M-Bslash>')
  e:wait_ghost('return a + b')
  t:equal(e:sent('textDocument/inlineCompletion')[1].context.triggerKind, 1)
end

scenes['the own renderer is the only one where it is chosen'] = function(t)
  local e = in_function(t, once('return a + b'), {
    setup = [[{ ghost = { renderer = 'own' } }]],
    before = [[vim.lsp.inline_completion.enable(true)]],
  })
  e:wait_ghost('return a + b')
  t:equal(e:ghost().marks, 1)
  t:equal(
    e:lua([[
      local client = require('dragoman.client').attached(0)
      return vim.lsp.inline_completion.is_enabled({ bufnr = 0, client_id = client.id })
    ]]),
    false
  )
end

scenes['switching off and on again works'] = function(t)
  local e = in_function(t, once('return a + b'))
  e:wait_ghost('return a + b')
  e:keys('<Cmd>Dragoman disable<CR>')
  e:wait_ghost('')
  e:keys('<Cmd>Dragoman enable<CR><Esc>A')
  e:wait_ghost('return a + b')
end

return scenes
