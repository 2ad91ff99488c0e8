--- :checkhealth, the statusline and the commands that show something.

local scenes = {}

---@return string
local function checkhealth(e)
  e:keys(':checkhealth dragoman<CR>')
  e:wait(
    'the report',
    [[
    return vim.bo.filetype == 'checkhealth'
      and (vim.fn.search('Gateway') > 0 or vim.fn.search('Looked in') > 0)
  ]]
  )
  return table.concat(e:lines(), '\n')
end

scenes['checkhealth goes from the editor to each gateway'] = function(t)
  t:house_gateway()
  local e = t:editor()
  local text = checkhealth(e)
  t:contains(text, 'dragoman 0.')
  t:contains(text, 'no problems')
  t:contains(text, 'completion: gw/deepseek-chat')
  t:contains(text, 'Gateway "gw"')
  t:equal(text:find('ERROR'), nil, text)
end

scenes['checkhealth names what is wrong with the configuration and the gateway'] = function(t)
  t:gateway(nil, { compl = {}, providers = { gw = { baseUrl = 'http://127.0.0.1:9/v1' } } })
  local e = t:editor()
  local text = checkhealth(e)
  t:contains(text, 'config.json:')
  t:contains(text, 'compl')
  t:contains(text, 'providers.gw.baseUrl')
end

scenes['checkhealth says where it looked for a missing daemon'] = function(t)
  local e = t:editor({ setup = [[{ cmd = '/nowhere/dragoman' }]] })
  local text = checkhealth(e)
  t:contains(text, 'there is no program `/nowhere/dragoman`')
  t:contains(text, 'plugins/nvim/bin/dragoman')
end

--- Asks the chat something and listens to nothing.
local ask = [[
  local question = { prompt = 'Hello?' }
  require('dragoman.client').request('dragoman/chat/send', question, {}, function() end)
]]

scenes['the statusline follows what the daemon does'] = function(t)
  local gateway = t:gateway()
  t:write('project/a.py', 'x = 1\n')
  local e = t:editor({ file = 'a.py' })
  local text = [[return require('dragoman').statusline() == ...]]
  e:lua([[
    _G.states = {}
    vim.api.nvim_create_autocmd('User', {
      pattern = 'DragomanStatus',
      callback = function(event) states[#states + 1] = event.data.state end,
    })
  ]])
  e:wait('idle', text, 'dragoman')
  e:lua(ask)
  e:wait('busy', text, 'dragoman …')
  gateway:wait_request(1):answer('Hello.')
  e:wait('idle again', text, 'dragoman')
  gateway.on_request = function(request)
    request:refuse(401, { error = { message = 'no such key', type = 'invalid_request_error' } })
  end
  e:lua(ask)
  e:wait('the error', text, 'dragoman error')
  assert(vim.list_contains(e:lua('return states'), 'busy'))
end

scenes['the statusline says what today has cost'] = function(t)
  t:gateway(function(request)
    request:finish(
      'stop',
      { prompt_tokens = 500000, completion_tokens = 100000, total_tokens = 600000 }
    )
  end, {
    providers = {
      gw = { models = { test = { price = { input = 1, output = 2.5, currency = 'USD' } } } },
    },
  })
  local e = t:editor()
  e:lua([[
    require('dragoman.client').request('dragoman/chat/send', { prompt = 'Hello?' }, {}, function()
      _G.done = true
    end)
  ]])
  e:wait('the answer', 'return done')
  e:wait('the cost', [[return require('dragoman').statusline() == 'dragoman (0.75 USD)' ]])
end

scenes['an editor that has not started anything shows nothing in the statusline'] = function(t)
  t:gateway()
  local e = t:editor()
  t:equal(e:lua([[return require('dragoman').statusline()]]), '')
  t:equal(e:daemon_pids(), {})
end

scenes['a limit is shown until when, in local time'] = function(t)
  local e = t:editor({ env = { TZ = 'UTC-2' } })
  t:equal(
    e:lua([[
    local status = { state = 'limited', message = '', inFlight = 0 }
    status.limitedUntil = '2026-01-02T22:30:00Z'
    require('dragoman.status').set(status)
    return require('dragoman').statusline()
  ]]),
    'dragoman limited until 00:30'
  )
end

scenes['costs of several currencies stand side by side'] = function(t)
  local e = t:editor()
  t:equal(
    e:lua([[
    return require('dragoman.status').sum({
      { cost = 0.5, currency = 'USD' },
      { cost = 0.25, currency = 'USD' },
      { cost = 3, currency = 'CNY' },
      { requests = 1 },
    })
  ]]),
    '3.00 CNY + 0.75 USD'
  )
end

scenes['the trail shows what became of a request'] = function(t)
  t:gateway(function(request)
    request:answer('+ 1')
  end)
  t:write('project/a.py', 'x = 1 \n')
  local e = t:editor({ file = 'a.py' })
  e:wait('the buffer to be open', [[return require('dragoman.client').attached(0) ~= nil]])
  e:keys('A')
  e:wait_ghost('+ 1')
  e:keys('<Esc>:Dragoman trail<CR>')
  e:wait('the trail', [[return vim.bo.filetype == 'dragoman-trail']])
  t:contains(e:lines()[1], 'a.py:1:7  shown (upstream, gw/test')
  e:keys('q')
  e:wait('the file again', [[return vim.fn.bufname() == 'a.py']])
end

scenes['what left this machine is listed, newest first, with what it was made of'] = function(t)
  local gateway = t:gateway(function(request)
    request:answer('Sure.')
  end)
  local keys = t:write('project/keys.txt', ('token = "%s"\nplain = 1\n'):format(t.secret))
  local e = t:editor({ env = { TZ = 'UTC-2' } })
  local function send(prompt, context)
    e:lua(
      [[
      _G.done = false
      local question = { prompt = select(1, ...), context = select(2, ...) }
      require('dragoman.client').request('dragoman/chat/send', question, {}, function()
        _G.done = true
      end)
    ]],
      prompt,
      context
    )
    e:wait('the answer', 'return done')
  end
  send('Hello?', {})
  send('And this?', { { kind = 'file', uri = vim.uri_from_fname(keys) } })
  e:keys(':Dragoman sent<CR>')
  e:wait('the list', [[return vim.bo.filetype == 'dragoman-sent']])
  local text = table.concat(e:lines(), '\n')
  t:contains(e:lines()[1], 'bytes out')
  local heads = vim.tbl_filter(function(line)
    return line:find('^%d%d%d%d%-%d%d%-%d%d %d%d:%d%d:%d%d  chat ') ~= nil
  end, e:lines())
  t:equal(#heads, 2, text)
  local origin = gateway.url:match('^(.-//[^/]+)')
  t:contains(heads[1], '  ' .. origin .. '  gw/test  answered 200  ')
  assert(heads[1]:find(' 1 +1$'), 'one file, one secret: ' .. heads[1])
  assert(heads[2]:find(' 0 +0$'), 'no file, no secret: ' .. heads[2])
  assert(text:find('\n    file +[^\n]*keys%.txt  %d+ bytes, 1 masked\n'), text)
  assert(not text:find(t.secret, 1, true) and not text:find('Hello', 1, true), text)
  t:contains(gateway.requests[2]:prompt(), '********')
  e:keys('q')
  e:wait('the window to be gone', [[return vim.fn.winnr('$') == 1]])
end

scenes['the list of what was sent says how to see more, and names a wrong number'] = function(t)
  t:expect_message('takes how many')
  t:gateway(function(request)
    request:answer('Sure.')
  end)
  local e = t:editor()
  e:keys(':Dragoman sent<CR>')
  e:wait('an empty list', [[return vim.fn.getline(1) == 'Nothing was sent.']])
  e:lua(ask)
  e:wait(
    'the question to be on its way',
    [[
    vim.cmd('Dragoman sent 1')
    return vim.fn.getline('$') == 'The newest 1; `:Dragoman sent 10` shows more.'
  ]]
  )
  for _, wrong in ipairs({ 'x', '0', '1.5' }) do
    e:keys(':Dragoman sent ' .. wrong .. '<CR>')
    e:wait_message(('not `%s`'):format(wrong))
  end
end

scenes['the configuration in force is shown with its sources'] = function(t)
  t:gateway()
  local e = t:editor()
  e:keys(':Dragoman config show<CR>')
  e:wait('the configuration', [[return vim.fn.bufname() == 'dragoman://config']])
  local text = table.concat(e:lines(), '\n')
  t:contains(text, '.config/dragoman/config.json')
  local json = vim.tbl_filter(function(line)
    return not vim.startswith(line, '//')
  end, e:lines())
  t:equal(vim.json.decode(table.concat(json, '\n')).chat.model, 'gw/test')
  e:keys(':Dragoman config<CR>')
  e:wait('the file', [[return vim.fn.expand('%:t') == 'config.json']])
end

scenes['the log opens at its end, and is no document'] = function(t)
  t:gateway()
  t:write('project/a.py', 'x = 1\n')
  local e = t:editor({ file = 'a.py' })
  e:wait_daemon()
  t.till('the log', function()
    return vim.uv.fs_stat(t.dir .. '/home/.local/state/dragoman/dragoman.log')
  end)
  e:spy()
  e:keys(':Dragoman log<CR>')
  e:wait('the log', [[return vim.bo.filetype == 'dragoman-log' and not vim.bo.modifiable]])
  e:settle()
  t:equal(e:rpc('nvim_win_get_cursor', 0)[1], #e:lines())
  t:equal(e:sent('textDocument/didOpen'), {})
end

scenes['the command completes its subcommands and names wrong ones'] = function(t)
  t:expect_message('no subcommand `statsu`')
  t:expect_message('takes no range')
  t:gateway()
  local e = t:editor()
  t:equal(e:lua([[return vim.fn.getcompletion('Dragoman st', 'cmdline')]]), { 'status' })
  t:equal(e:lua([[return vim.fn.getcompletion('Dragoman config ', 'cmdline')]]), { 'show' })
  t:equal(#e:lua([[return vim.fn.getcompletion('Dragoman ', 'cmdline')]]), 16)
  e:keys(':Dragoman statsu<CR>')
  e:wait_message('statsu')
  e:keys('<CR>:1Dragoman status<CR>')
  e:wait_message('no range')
end

return scenes
