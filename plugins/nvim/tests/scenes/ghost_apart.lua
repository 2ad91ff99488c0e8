--- Where ghost text keeps out of the way: menus, snippets, macros, and buffers that are no text of the person.

local ghost = require('lib.ghost')

local in_function = ghost.in_function

local scenes = {}

scenes['a buffer may be left out by a variable'] = function(t)
  local e = in_function(t, 'return a + b', { stay = true })
  e:spy()
  e:lua('vim.b.dragoman_ghost = false')
  e:keys('jAre')
  e:wait_lines({ 'def add(a, b):', '    re' })
  e:settle()
  t:equal(e:sent('textDocument/inlineCompletion'), {})
end

scenes['nothing is asked or shown in Replace mode'] = function(t)
  local e = in_function(t, 'return a + b', { stay = true })
  e:spy()
  e:keys('jRxy')
  e:wait_lines({ 'def add(a, b):', 'xy  ' })
  e:settle()
  t:equal(e:sent('textDocument/inlineCompletion'), {})
  e:keys('<Esc>')
end

scenes['nothing is asked while a macro is recorded or runs'] = function(t)
  local e = in_function(t, 'return a + b', { stay = true })
  e:spy()
  e:keys('qqjAreturn <Esc>q')
  e:wait('the macro', [[return vim.fn.reg_recording() == '' and vim.fn.getreg('q') ~= '']])
  e:keys('gg@q')
  e:wait_lines({ 'def add(a, b):', '    return return ' })
  e:settle()
  t:equal(e:sent('textDocument/inlineCompletion'), {})
end

scenes["Neovim's completion menu takes the place of the suggestion"] = function(t)
  local e =
    in_function(t, 'return a + b', { text = 'def add(a, b):\n    \nrest = 1\nresult = 2\n' })
  e:wait_ghost('return a + b')
  e:keys('re<C-x><C-n>')
  e:wait('the menu', [[return vim.fn.pumvisible() == 1]])
  e:wait_ghost('')
  e:keys('<C-e>')
  e:wait('the menu to close', [[return vim.fn.pumvisible() == 0]])
end

scenes['a snippet keeps its keys'] = function(t)
  local e = in_function(t, 'return a + b')
  e:wait_ghost('return a + b')
  e:keys([[<Cmd>lua vim.snippet.expand('for ${1:x} in ${2:y}')<CR>]])
  e:wait('the snippet', [[return vim.snippet.active()]])
  e:wait_ghost('')
end

scenes['buffers that are no text of the person are left alone'] = function(t)
  local gateway = t:gateway(function(request)
    request:answer('nothing')
  end)
  t:write('project/a.py', 'x = 1\n')
  local e = t:editor({ file = 'a.py' })
  e:wait_daemon()
  e:spy()
  for _, buftype in ipairs({ 'nofile', 'prompt', 'terminal', '' }) do
    if buftype == 'terminal' then
      e:keys(':terminal cat<CR>ihello')
    else
      e:keys((':enew | setlocal buftype=%s<CR>ihello'):format(buftype))
    end
    e:wait(
      'the text in ' .. buftype,
      [[
      return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false)):find('hello') ~= nil
    ]]
    )
    e:settle()
    if buftype ~= '' then
      t:equal(e:sent('textDocument/inlineCompletion'), {}, buftype)
      t:equal(e:sent('textDocument/didOpen'), {}, buftype)
      e:keys([[<C-Bslash><C-n><Cmd>bwipeout!<CR>]])
    end
  end
  -- The same in an ordinary buffer is asked about, which shows that the above would have been seen.
  gateway:wait_request(1)
end

scenes['a read-only buffer is left alone'] = function(t)
  local e = in_function(t, 'return', { stay = true })
  e:spy()
  e:keys(':setlocal readonly<CR>jAre')
  e:wait_lines({ 'def add(a, b):', '    re' })
  e:settle()
  t:equal(e:sent('textDocument/inlineCompletion'), {})
  t:expect_message('W10')
end

scenes['the menu of nvim-cmp takes the place of the suggestion'] = function(t)
  local e = in_function(t, 'return a + b', {
    before = [[
    -- What this plugin knows of nvim-cmp: visible(), and its events.
    local listeners = {}
    _G.menu_open = false
    package.loaded['cmp'] = {
      visible = function() return _G.menu_open end,
      event = { on = function(_, name, fn) listeners[name] = fn end },
    }
    _G.set_menu = function(open)
      _G.menu_open = open
      listeners[open and 'menu_opened' or 'menu_closed']()
    end
  ]],
  })
  e:wait_ghost('return a + b')
  e:lua('set_menu(true)')
  e:wait_ghost('')
  e:spy()
  e:keys('r')
  e:wait_lines({ 'def add(a, b):', '    r' })
  e:settle()
  t:equal(e:sent('textDocument/inlineCompletion'), {})
  e:lua('set_menu(false)')
  e:wait_ghost('eturn a + b')
end

scenes['the menu of blink.cmp takes the place of the suggestion'] = function(t)
  local e = in_function(t, 'return a + b', {
    before = [[
    package.loaded['blink.cmp'] = { is_menu_visible = function() return _G.menu_open == true end }
    _G.set_menu = function(open)
      _G.menu_open = open
      local pattern = open and 'BlinkCmpMenuOpen' or 'BlinkCmpMenuClose'
      vim.api.nvim_exec_autocmds('User', { pattern = pattern })
    end
  ]],
  })
  e:wait_ghost('return a + b')
  e:lua('set_menu(true)')
  e:wait_ghost('')
  e:lua('set_menu(false)')
  e:wait_ghost('return a + b')
end

return scenes
