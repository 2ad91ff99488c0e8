--- What goes wrong around requests under way: nothing is said that helps nobody, nothing is left
--- running, nothing is lost.

local scenes = {}

--- An editor in Insert mode whose request for a suggestion is held by the gateway.
local function while_asking(t, opts)
  local gateway = t:gateway()
  t:write('project/a.py', 'def add(a, b):\n    return \n')
  t:write('project/b.py', 'y = 2\n')
  local e = t:editor(vim.tbl_extend('keep', opts or {}, { file = 'a.py' }))
  e:wait('the buffer to be open', [[return require('dragoman.client').attached(0) ~= nil]])
  e:keys('jA')
  return e, gateway, gateway:wait_request(1)
end

scenes['a buffer that is deleted under a request'] = function(t)
  local e, _, request = while_asking(t)
  e:keys('<C-o>:bwipeout!<CR>')
  e:wait('the buffer to be gone', [[return vim.fn.bufname() == '']])
  request:answer('a + b')
  e:settle()
  t:equal(e:lines(), { '' })
end

scenes['a window that is closed under a request'] = function(t)
  local e, _, request = while_asking(t)
  e:keys('<C-o>:split b.py<CR><C-o>:wincmd w<CR><C-o>:close<CR>')
  e:wait('the window to be closed', [[return #vim.api.nvim_list_wins() == 1]])
  request:answer('a + b')
  e:settle()
  t:equal(e:lines(), { 'y = 2' })
  t:equal(e:ghost(), nil)
end

scenes['a file that is renamed under a request'] = function(t)
  local e, gateway, request = while_asking(t)
  e:keys('<C-o>:file c.py<CR>')
  e:wait('the new name', [[return vim.fn.bufname() == 'c.py']])
  gateway.on_request = function(later)
    later:answer('b + a')
  end
  request:answer('a + b')
  e:keys(' ')
  e:wait('a suggestion', [[return require('dragoman.ghost').visible()]])
end

scenes['a file that is reloaded from disk under a suggestion'] = function(t)
  local e, _, request = while_asking(t)
  request:answer('a + b')
  e:wait_ghost('a + b')
  t:write('project/a.py', 'def mul(a, b):\n    return \n')
  e:keys('<C-o>:edit!<CR>')
  e:wait('the text of the file', [[return vim.fn.getline(1) == 'def mul(a, b):']])
  e:settle()
  e:keys('<Tab>')
  e:settle()
  t:equal(e:lines()[1]:find('a + b', 1, true), nil)
end

scenes[':q! with requests running leaves nothing'] = function(t)
  local e, gateway = while_asking(t)
  e:lua([[
    for n = 1, 5 do
      require('dragoman.client').request('dragoman/chat/send', { prompt = 'question ' .. n }, {
        on_event = function() end,
      }, function() end)
    end
  ]])
  gateway:wait_request(6):text('one')
  e:leave('<Esc>:qall!<CR>')
  e:wait_gone()
end

scenes[':q! while the daemon does not answer leaves nothing'] = function(t)
  local e = while_asking(t)
  local pid = e:wait_daemon()
  vim.uv.kill(pid, 'sigstop')
  e:leave('<Esc>:qall!<CR>')
  vim.uv.kill(pid, 'sigcont')
  e:wait_gone()
end

scenes['an editor that is killed takes its daemon along'] = function(t)
  local e = while_asking(t)
  e:wait_daemon()
  vim.uv.kill(e.pid, 9)
  e:wait_gone()
end

scenes['a suggestion survives the death of the daemon as text that can be accepted'] = function(t)
  t:expect_message('quit with exit code')
  local e, _, request = while_asking(t)
  request:answer('a + b')
  e:wait_ghost('a + b')
  vim.uv.kill(e:wait_daemon(), 9)
  e:wait('its end to be noticed', [[return require('dragoman.client').attached() == nil]])
  e:keys('<Tab>')
  e:wait_lines({ 'def add(a, b):', '    return a + b' })
end

scenes['a huge buffer is left alone'] = function(t)
  t:gateway()
  t:write('project/huge.txt', (('0123456789'):rep(10) .. '\n'):rep(12000))
  local e = t:editor({ file = 'huge.txt' })
  e:wait_daemon()
  e:spy()
  e:keys('Ahello')
  e:wait('the text', [[return vim.api.nvim_get_current_line():find('hello') ~= nil]])
  e:settle()
  t:equal(e:lua('return sent'), {})
end

scenes['a binary file is left alone'] = function(t)
  t:gateway()
  t:write('project/a.bin', '\0\1\2\127ELF\0\0\n\255\254\n')
  local e = t:editor({ file = 'a.bin' })
  e:wait_daemon()
  e:spy()
  e:keys('Ahello')
  e:wait('the text', [[return vim.api.nvim_get_current_line():find('hello') ~= nil]])
  e:settle()
  t:equal(e:lua('return sent'), {})
end

scenes['text that is no UTF-8 harms nothing'] = function(t)
  t:gateway(function(request)
    request:answer('+ 1')
  end)
  t:write('project/latin.py', '# caf\233\nx = 1 \n')
  local e = t:editor({ file = 'latin.py' })
  e:keys(':edit ++enc=utf-8 ++bad=keep<CR>:set noreadonly<CR>')
  e:wait('the raw bytes', [[return vim.fn.getline(1) == '# caf\233']])
  e:wait('the buffer to be open', [[return require('dragoman.client').attached(0) ~= nil]])
  e:keys('jA')
  e:wait_ghost('+ 1')
  e:keys('<Tab>')
  e:wait('the acceptance', [[return vim.fn.getline(2) == 'x = 1 + 1']])
end

scenes['answers that make no sense are taken as none'] = function(t)
  local answers = { '', '\n\n\n', '\0\1\2', ('long '):rep(20000), '```python\nx\n```' }
  local e, gateway, request = while_asking(t)
  gateway.on_request = function(later)
    later:answer(answers[(#gateway.requests - 1) % #answers + 1])
  end
  request:cut()
  for n = 2, 7 do
    e:keys('x')
    gateway:wait_request(n)
    e:settle()
  end
  t:equal(e:lines(), { 'def add(a, b):', '    return xxxxxx' })
end

scenes["the daemon's text is the editor's, whatever is typed, accepted, undone and put back"] = function(
  t
)
  local gateway = t:gateway(function(request)
    request:answer('naïve + 😀\n    second line')
  end)
  t:write('project/a.py', 'def add(a, b):\n    \n    return 1 # é😀\nend = 2\n')
  local e = t:editor({ file = 'a.py' })
  e:wait('the buffer to be open', [[return require('dragoman.client').attached(0) ~= nil]])
  local moves = {
    'A x',
    'Oé = 😀',
    'o<Tab>',
    'A(<M-Right>',
    'A<M-C-Right>',
    'I漢字<BS>',
    'x',
    'dd',
    'P',
    'u',
    '<C-r>',
    'u',
    'ggO#',
    'Go',
    'jp',
    'J',
    'yyP',
    ':%s/a/ä/ge<CR>',
    'cwnew',
    'A<C-w>',
    'v$d',
    '>>',
    'kA<CR><Tab>',
  }
  local seed = 7
  for round = 1, 3 do
    for _ = 1, 40 do
      seed = (seed * 1103515245 + 12345) % 2147483648
      e:keys(moves[seed % 97 % #moves + 1])
      if seed % 3 == 0 then
        e:wait('a suggestion, or none', [[return true]])
      end
      e:keys('<Esc>')
    end
    e:settle()
    gateway.on_request = function() end
    local before = #gateway.requests
    e:lua([[
      local item = { kind = 'file', uri = vim.uri_from_bufnr(0) }
      local question = { prompt = 'QUESTION', context = { item } }
      require('dragoman.client').request('dragoman/chat/send', question, {}, function() end)
    ]])
    local text = table.concat(e:lines(), '\n')
    -- Suggestions may be asked for, too; the question is the one that says what it is.
    local question = t.till(('the question of round %d'):format(round), function()
      for i = before + 1, #gateway.requests do
        if gateway.requests[i]:prompt():find('QUESTION', 1, true) then
          return gateway.requests[i]
        end
      end
    end)
    local told = vim.tbl_map(function(message)
      return message.content
    end, question.json.messages)
    t:contains(table.concat(told, '\n'), text)
    gateway.on_request = function(request)
      request:answer('naïve + 😀\n    second line')
    end
  end
end

return scenes
