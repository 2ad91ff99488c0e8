--- Ghost text by the plugin's own renderer.

local ghost = require('lib.ghost')

local in_function = ghost.in_function

local scenes = {}

scenes['a suggestion appears while typing and <Tab> accepts it'] = function(t)
  t:house_gateway()
  t:write('project/a.py', 'def add(a, b):\n    \n')
  local e = t:editor({ file = 'a.py' })
  e:wait('the buffer to be open', [[return require('dragoman.client').attached(0) ~= nil]])
  e:keys('jAreturn ')
  e:wait_ghost('a + b')
  t:equal(e:lines(), { 'def add(a, b):', '    return ' })
  t:equal(e:screen_line(2), '    return a + b')
  e:keys('<Tab>')
  e:wait_lines({ 'def add(a, b):', '    return a + b' })
  t:equal(e:rpc('nvim_win_get_cursor', 0), { 2, 16 })
  t:equal(e:screen_line(1), 'def add(a, b):')
end

scenes['undo takes an acceptance back in one step, and nothing else'] = function(t)
  local e = in_function(t, 'return a + b')
  e:wait_ghost('return a + b')
  e:keys('ret<Tab>')
  e:wait_lines({ 'def add(a, b):', '    return a + b' })
  e:keys(' # sum<Esc>')
  e:wait_lines({ 'def add(a, b):', '    return a + b # sum' })
  e:keys('u')
  e:wait_lines({ 'def add(a, b):', '    return a + b' })
  e:keys('u')
  e:wait_lines({ 'def add(a, b):', '    ret' })
  e:keys('<C-r>')
  e:wait_lines({ 'def add(a, b):', '    return a + b' })
end

scenes['a suggestion of several lines stands in the text and below it'] = function(t)
  local e =
    in_function(t, 'if a:\n        return b\n    return a', { text = 'def add(a, b):\n    \n\n' })
  e:wait_ghost('if a:', { '        return b', '    return a' })
  t:equal(e:screen_line(3), '        return b')
  e:keys('<Tab>')
  e:wait_lines({ 'def add(a, b):', '    if a:', '        return b', '    return a', '' })
  t:equal(e:rpc('nvim_win_get_cursor', 0), { 4, 12 })
  e:keys('<Esc>u')
  e:wait_lines({ 'def add(a, b):', '    ', '' })
end

scenes['typing through a suggestion keeps it and asks nobody'] = function(t)
  local e = in_function(t, 'return a + b')
  e:wait_ghost('return a + b')
  e:spy()
  e:keys('retur')
  e:wait_ghost('n a + b')
  t:equal(e:screen_line(2), '    return a + b')
  e:keys('<BS>')
  e:wait_ghost('rn a + b')
  t:equal(e:sent('textDocument/inlineCompletion'), {})
end

scenes['typing through a suggestion draws nothing but the key'] = function(t)
  local e = in_function(t, 'return a + b', { terminal = true, before = 'vim.o.ruler = false' })
  e:wait_ghost('return a + b')
  t.till('the suggestion on the terminal', function()
    return e.output:find('return a + b', 1, true)
  end)
  for i, key in ipairs({ 'r', 'e', 't', 'u', 'r' }) do
    e:settle()
    e.output = ''
    e:keys(key)
    e:wait_ghost(('return a + b'):sub(i + 1))
    t.till('the key on the terminal', function()
      return e.output:find(key, 1, true)
    end)
    -- A suggestion that was removed and drawn again would be written again.
    t:equal(e.output:find(('return a + b'):sub(i + 1), 1, true), nil, e.output)
  end
end

scenes['a line break and its indentation are typed through like any text'] = function(t)
  local e = in_function(t, 'if a:\n        return b', {
    text = 'def add(a, b):\n    \n\n',
  })
  e:wait_ghost('if a:', { '        return b' })
  e:spy()
  e:keys('if a:')
  e:wait_ghost('', { '        return b' })
  -- Python's 'indentexpr' indents by itself.
  e:keys('<CR>')
  e:wait_ghost('return b')
  t:equal(e:sent('textDocument/inlineCompletion'), {})
  e:keys('<Tab>')
  e:wait_lines({ 'def add(a, b):', '    if a:', '        return b', '' })
end

scenes['typing something else removes the suggestion at once'] = function(t)
  local held
  local e = in_function(t, function(request)
    if not held then
      held = request
      request:answer('return a + b')
    end
  end)
  e:wait_ghost('return a + b')
  e:keys('x')
  e:wait_lines({ 'def add(a, b):', '    x' })
  e:wait_ghost('')
end

scenes['an answer that comes after more was typed shows what still fits'] = function(t)
  local e, gateway = in_function(t, function() end)
  gateway:wait_request(1)
  e:keys('re')
  e:wait_lines({ 'def add(a, b):', '    re' })
  gateway.on_request = function(request)
    request:answer('turn a + b')
  end
  gateway.requests[1]:answer('return a + b')
  e:wait_ghost('turn a + b')
  t:equal(e:screen_line(2), '    return a + b')
end

scenes['a word and a line are accepted piece by piece, and the daemon hears of it'] = function(t)
  local e = in_function(t, 'return a + b\n    # done', { text = 'def add(a, b):\n    \n' })
  e:wait_ghost('return a + b', { '    # done' })
  e:spy()
  local from =
    e:lua([[return #require('dragoman.ghost').current().text - #('return a + b\n    # done')]])
  e:keys('<M-Right>')
  e:wait_lines({ 'def add(a, b):', '    return' })
  e:wait_ghost(' a + b', { '    # done' })
  e:keys('<M-Right>')
  e:wait_lines({ 'def add(a, b):', '    return a' })
  e:keys('<M-C-Right>')
  e:wait_lines({ 'def add(a, b):', '    return a + b' })
  e:wait_ghost('', { '    # done' })
  e:keys('<M-C-Right>')
  e:wait_lines({ 'def add(a, b):', '    return a + b', '    # done' })
  t.till('the daemon to hear of the end', function()
    return e:sent('workspace/executeCommand')[1]
  end)
  t:equal(e:sent('workspace/executeCommand')[1].command, 'dragoman.completionAccepted')
  local lengths = {}
  for i, params in ipairs(e:sent('textDocument/didPartiallyAcceptCompletion')) do
    lengths[i] = params.acceptedLength
  end
  t:equal(lengths, { from + 6, from + 8, from + 12 })
end

scenes['<Tab> without a suggestion is what it was'] = function(t)
  local e = in_function(t, '', {
    after = [[
    vim.keymap.set('i', '<Tab>', function()
      return vim.g.expr_tab and 'EXPR' or '<C-v><Tab>'
    end, { expr = true })
  ]],
  })
  e:keys('x<Tab>')
  e:wait_lines({ 'def add(a, b):', '    x\t' })
  e:lua('vim.g.expr_tab = true')
  e:keys('<Tab>')
  e:wait_lines({ 'def add(a, b):', '    x\tEXPR' })
end

scenes['<Tab> without a suggestion and without a mapping is a tab'] = function(t)
  local e = in_function(t, '', { after = [[vim.o.expandtab = false]] })
  e:keys('x<Tab>y')
  e:wait_lines({ 'def add(a, b):', '    x   y' })
end

scenes['<Tab> without a suggestion and without a mapping ends an abbreviation'] = function(t)
  local e = in_function(t, '', {
    after = [[
      vim.cmd('iabbrev teh the')
      pcall(vim.keymap.del, 'i', '<Tab>') -- Neovim 0.11 has one of its own
      vim.o.expandtab = true
    ]],
  })
  e:keys('teh<Tab>x')
  e:wait_lines({ 'def add(a, b):', '    the x' })
end

scenes['a key with a mapping that is remapped does what that does'] = function(t)
  local e = in_function(t, '', {
    after = [[
      vim.keymap.set('i', '<Plug>(probe)', 'PROBE')
      vim.keymap.set('i', '<Tab>', '<Plug>(probe)', { remap = true })
      vim.cmd('inoremap <expr> <M-]> "É" .. nr2char(33)')
    ]],
  })
  e:keys('<Tab><M-]>.')
  e:wait_lines({ 'def add(a, b):', '    PROBEÉ!.' })
end

scenes['dismissing hides the suggestion until something is typed'] = function(t)
  local e, gateway = in_function(t, 'return a + b')
  e:wait_ghost('return a + b')
  e:keys('<C-]>')
  e:wait_ghost('')
  t:equal(e:rpc('nvim_get_mode').mode, 'i')
  gateway.on_request = function(request)
    request:answer('eturn b')
  end
  e:keys('r')
  e:wait('a suggestion again', [[return require('dragoman.ghost').visible()]])
end

scenes['leaving Insert mode removes the suggestion and ends the request'] = function(t)
  local e, gateway = in_function(t, 'return a + b')
  e:wait_ghost('return a + b')
  e:keys('<Esc>')
  e:wait_ghost('')
  gateway.on_request = function() end
  e:keys('ox')
  local request = gateway:wait_request(2)
  e:keys('<Esc>')
  t.till('the request to be closed upstream', function()
    return request.closed
  end)
  e:wait_ghost('')
end

scenes['moving the cursor removes the suggestion and asks nobody'] = function(t)
  local e = in_function(t, 'return a + b')
  e:wait_ghost('return a + b')
  e:spy()
  e:keys('<Up>')
  e:wait_ghost('')
  e:keys('<Left><Left>')
  e:settle()
  t:equal(e:sent('textDocument/inlineCompletion'), {})
end

scenes['the trigger key asks without waiting, and tells a failure'] = function(t)
  t:expect_message('dragoman: ')
  local e, gateway = in_function(t, function(request)
    request:refuse(
      402,
      { error = { message = 'Insufficient balance', type = 'insufficient_balance' } }
    )
  end)
  gateway:wait_request(1)
  e:settle()
  t:equal(e:messages(), '')
  e:keys([[<M-Bslash>]])
  gateway:wait_request(2)
  e:wait('the message', [[return vim.api.nvim_exec2('messages', { output = true }).output ~= '']])
end

--- Lets the next answer hold several suggestions, which no daemon can be told to give.
local function several(e, texts)
  e:lua(
    [[
    local texts = ...
    local Client = require('dragoman.client')
    local request = Client.request
    Client.request = function(method, params, opts, cb)
      if method ~= 'textDocument/inlineCompletion' then
        return request(method, params, opts, cb)
      end
      local at = params.position
      local items = vim.tbl_map(function(text)
        return { insertText = text, range = { start = at, ['end'] = at } }
      end, texts)
      vim.schedule(function() cb(nil, { items = items }) end)
      return { cancel = function() end }
    end
  ]],
    texts
  )
end

scenes['next and previous go round among several suggestions'] = function(t)
  local e = in_function(t, '', { stay = true })
  several(e, { 'one', 'two', 'three' })
  e:keys('jA')
  e:wait_ghost('one')
  e:keys('<M-]>')
  e:wait_ghost('two (2/3)')
  e:keys('<M-[><M-[>')
  e:wait_ghost('three (3/3)')
  e:keys('t')
  e:wait_ghost('hree (3/3)')
  e:keys('<M-]>')
  e:wait_ghost('wo (1/2)')
  e:keys('<Tab>')
  e:wait_lines({ 'def add(a, b):', '    two' })
end

scenes['tabs of a suggestion are as wide as those of the text'] = function(t)
  local e = in_function(t, '', { stay = true, text = 'if x {\n\n\n' })
  several(e, { '\tone(\ttwo)\n\t\tthree' })
  e:lua('vim.bo.tabstop = 4')
  e:keys('jA')
  e:wait_ghost('    one(    two)', { '        three' })
  t:equal(e:screen_line(3), '        three')
end

scenes['a suggestion is told from text with 16 colours too'] = function(t)
  local e = in_function(
    t,
    'return a + b',
    { terminal = true, env = { TERM = 'xterm' }, before = 'vim.o.termguicolors = false' }
  )
  e:wait_ghost('return a + b')
  local look = e:lua([[
    local look = vim.api.nvim_get_hl(0, { name = 'DragomanGhost', link = false })
    return { look.ctermfg or 'none', look.fg or 'none' }
  ]])
  assert(look[1] ~= 'none' and look[2] ~= 'none', vim.inspect(look))
end

scenes['setup() may change keys and renderer at any time'] = function(t)
  local e = in_function(t, 'return a + b', { stay = true })
  e:keys('jA')
  e:wait_ghost('return a + b')
  e:lua([[require('dragoman').setup({
    cmd = require('dragoman.config').get().cmd,
    keys = { accept = '<C-l>' },
  })]])
  e:wait_ghost('return a + b')
  e:keys('<Tab>')
  e:wait('a plain tab', [[return vim.fn.getline(2):find('return') == nil]])
  e:keys('<Esc>u')
  e:keys('A')
  e:wait_ghost('return a + b')
  e:keys('<C-l>')
  e:wait_lines({ 'def add(a, b):', '    return a + b' })
end

scenes['leaving Insert mode by <C-c> removes the suggestion'] = function(t)
  local e = in_function(t, 'return a + b')
  e:wait_ghost('return a + b')
  e:keys('<C-c>')
  e:wait_ghost('')
end

scenes['columns are right behind characters of several bytes'] = function(t)
  local e = in_function(t, 'naïve("😀") + 1', { text = 's = "😀é"\n\n', stay = true })
  e:keys('A + ')
  e:wait_ghost('naïve("😀") + 1')
  e:keys('<M-Right>')
  e:wait_lines({ 's = "😀é" + naïve', '' })
  e:keys('<Tab>')
  e:wait_lines({ 's = "😀é" + naïve("😀") + 1', '' })
end

scenes['the text right of the cursor stays where it is'] = function(t)
  local e = in_function(t, 'a + b', { text = 'print()\n\n', stay = true })
  e:keys('f)i')
  e:wait_ghost('a + b')
  t:equal(e:screen_line(1), 'print(a + b)')
  e:keys('a + <Tab>')
  e:wait_lines({ 'print(a + b)', '' })
end

scenes['switching off removes suggestions, switching on brings them back'] = function(t)
  local e = in_function(t, 'return a + b')
  e:wait_ghost('return a + b')
  e:keys('<Cmd>Dragoman disable<CR>')
  e:wait_ghost('')
  t:equal(e:lua([[return require('dragoman').statusline()]]), 'dragoman off')
  e:spy()
  e:keys('x<BS>')
  e:settle()
  t:equal(e:sent('textDocument/inlineCompletion'), {})
  e:keys('<Cmd>Dragoman enable<CR>')
  e:wait_ghost('return a + b')
end

return scenes
