--- Chat when something goes wrong: nothing that arrived or was typed is lost, and the buffer says
--- what to do next.

local chat = require('lib.chat')

local scenes = {}

---@param e test.Editor
---@return string
local function all(e)
  return table.concat(e:lines(), '\n')
end

scenes['one key stops an answer and what arrived stays'] = function(t)
  local gateway = t:gateway()
  local e = chat.open(t)
  chat.ask(e, 'go')
  local request = gateway:wait_request()
  request:text('half of ')
  e:wait_lines({ '## You', '', 'go', '', '## gw/test', '', 'half of ', '', '## You', '', '' })
  e:keys('<C-c>')
  t:equal(chat.wait_end(e).state, 'cancelled')
  t.till('the connection to be closed', function()
    return request.closed
  end)
  t:contains(all(e), 'half of ')
  t:contains(chat.beside(e, 6), 'Cancelled')
  -- It can go on from there.
  e:keys('gg,c')
  local second = gateway:wait_request(2)
  t:contains(second:prompt(), 'half of ')
  second:answer('it all')
  t:equal(chat.wait_end(e, 2).state, 'complete')
  t:equal(e:lines()[7], 'half of it all')
  t:equal(chat.beside(e, 6), '')
end

scenes['a stream that breaks keeps its text, says why, and continues on request'] = function(t)
  local gateway = t:gateway()
  local e = chat.open(t)
  chat.ask(e, 'go')
  local request = gateway:wait_request()
  request:text('one\ntwo')
  e:wait('the text', [[return vim.fn.search('^two$', 'nw') > 0]])
  request:cut()
  local ended = chat.wait_end(e)
  t:equal(ended.state, 'failed')
  t:equal(vim.list_slice(e:lines(), 7, 8), { 'one', 'two' })
  local said = chat.beside(e, 7)
  t:contains(said, ended.error.message:sub(1, 20))
  t:contains(said, ended.error.data.hint:sub(1, 20))
  t:contains(said, '<LocalLeader>c goes on from here.')
  t:equal(e:lua('return vim.bo.modified'), false)
  local width = e:lua('return vim.api.nvim_win_get_width(0)')
  for _, line in ipairs(chat.rows_beside(e, 7)) do
    assert(vim.api.nvim_strwidth(line) < width, line)
  end
  e:rpc('nvim_command', 'Dragoman chat continue')
  gateway:wait_request(2):answer(' and three')
  chat.wait_end(e, 2)
  t:equal(vim.list_slice(e:lines(), 7, 8), { 'one', 'two and three' })
  e:keys(':edit!<CR>')
  e:wait('the text to be read again', [[return vim.fn.search('^two and three$', 'nw') > 0]])
end

scenes['an answer that was cut by the token limit says so and continues'] = function(t)
  local gateway = t:gateway()
  local e = chat.open(t)
  chat.ask(e, 'go')
  local request = gateway:wait_request()
  request:text('The beginning')
  request:finish('length')
  chat.wait_end(e)
  t:contains(chat.beside(e, 6), 'Cut off')
  e:keys(',c')
  gateway:wait_request(2):answer(', the end')
  chat.wait_end(e, 2)
  t:equal(e:lines()[7], 'The beginning, the end')
  t:equal(chat.beside(e, 6), '')
end

scenes['a refusal by the gateway stands below the question with its hint'] = function(t)
  local gateway = t:gateway(function(request)
    request:refuse(401, { error = { message = 'bad key', type = 'invalid_request_error' } })
  end)
  local e = chat.open(t)
  chat.ask(e, 'go')
  local ended = chat.wait_end(e)
  t:equal(ended.error.data.kind, 'unauthorized')
  t:contains(chat.beside(e, 6), ended.error.data.hint:sub(1, 20))
  -- Asked again, in the same turn.
  gateway.on_request = function(request)
    request:answer('now')
  end
  e:keys('gg<CR>')
  chat.wait_end(e, 2)
  t:equal(e:lines(), { '## You', '', 'go', '', '## gw/test', '', 'now', '', '## You', '', '' })
end

scenes['attempts and other models that take over are told beside the heading'] = function(t)
  local gateway = t:gateway(nil, {
    providers = {
      gw = {
        retry = { attempts = 1, baseMs = 1 },
        models = { other = vim.empty_dict() },
      },
    },
    chat = { fallback = { 'gw/other' } },
  })
  local seen = 0
  gateway.on_request = function(request)
    seen = seen + 1
    if request.json.model == 'other' then
      return request:answer('from the other')
    end
    request:refuse(503, { error = { message = 'overloaded', type = 'server_error' } })
  end
  local e = chat.open(t)
  chat.ask(e, 'go')
  chat.wait_end(e)
  t:equal(e:lines()[5], '## gw/other')
  local said = chat.beside(e, 4)
  t:contains(said, 'Trying again in')
  t:contains(said, 'gw/other takes over')
end

scenes['what the daemon does not take stays a question that can be sent again'] = function(t)
  local gateway = t:gateway(function(request)
    request:answer('fine')
  end)
  local e = chat.open(t)
  chat.ask(e, 'see #file:nowhere.txt')
  t:equal(chat.wait_end(e).state, 'failed')
  t:contains(chat.beside(e, 6), 'nowhere.txt does not exist')
  e:keys('gg2jcwlook<Esc>$B')
  e:keys('D')
  chat.type(e, 'here')
  e:keys('<CR>')
  chat.wait_end(e, 2)
  t:equal(e:lines()[3], 'look here')
  t:equal(e:lines()[7], 'fine')
  t:equal(#gateway.requests, 1)
end

scenes['a daemon that is killed in mid-stream leaves the text, and chat goes on'] = function(t)
  local gateway = t:gateway(function(request)
    request:answer('first')
  end)
  local e = chat.open(t)
  chat.ask(e, 'begin')
  chat.wait_end(e)
  gateway.on_request = function() end
  chat.ask(e, 'go')
  local request = gateway:wait_request(2)
  request:text('what came')
  e:wait('the text', [[return vim.fn.search('^what came$', 'nw') > 0]])
  t:expect_message('quit with')
  vim.uv.kill(e:daemon_pids()[1], 9)
  local ended = chat.wait_end(e, 2)
  t:equal(ended.state, 'failed')
  t:contains(all(e), 'what came')
  chat.wait_beside(e, 'the daemon has ended')
  e:keys('G')
  chat.ask(e, 'again')
  gateway:wait_request(3):answer('here I am')
  t:equal(chat.wait_end(e, 3).state, 'complete')
  t:contains(all(e), '## You\n\nagain\n\n## gw/test\n\nhere I am')
  t:equal(e:lua('return ends[1].conversation == ends[3].conversation'), true)
end

scenes['a conversation that another window deleted can be gone on with as a new one'] = function(t)
  local gateway = t:gateway(function(request)
    request:answer('sure')
  end)
  local e = chat.open(t)
  chat.ask(e, 'one')
  local first = chat.wait_end(e).conversation
  e:lua(
    [[
    local params = { conversation = ... }
    require('dragoman.client').request('dragoman/chat/delete', params, {}, function(err)
      _G.deleted = err == nil
    end)
  ]],
    first
  )
  e:wait('the deletion', 'return deleted')
  chat.ask(e, 'two')
  t:equal(chat.wait_end(e, 2).error.data.kind, 'gone')
  chat.wait_beside(e, 'Send again to begin a new one')
  t:contains(all(e), 'one\n\n## gw/test\n\nsure')
  e:lua([[vim.fn.search('^two$', 'w')]])
  e:keys('<CR>')
  local third = chat.wait_end(e, 3)
  t:equal(third.state, 'complete')
  assert(third.conversation ~= first)
  t:equal(e:rpc('nvim_buf_get_name', 0), 'dragoman://chat/' .. third.conversation)
  t:equal(#gateway.requests, 2)
end

scenes['a turn that another window replaced is told, and can be read again'] = function(t)
  local gateway = t:gateway(function(request)
    request:answer('sure')
  end)
  local e = chat.open(t)
  chat.ask(e, 'one')
  local ended = chat.wait_end(e)
  e:lua(
    [[
    local data = ...
    require('dragoman.client').request('dragoman/chat/send', {
      conversation = data.conversation, replaceTurn = data.turn, prompt = 'uno',
    }, {}, function(err)
      _G.replaced = err == nil
    end)
  ]],
    ended
  )
  e:wait('the other question', 'return replaced')
  e:keys('gg,r')
  chat.wait_end(e, 2)
  chat.wait_beside(e, 'This turn was replaced in another window.')
  chat.type(e, '')
  e:keys(':e!<CR>')
  e:wait('the text to be read again', [[return vim.fn.search('^uno$', 'nw') > 0]])
  t:equal(e:lines(), { '## You', '', 'uno', '', '## gw/test', '', 'sure', '', '## You', '', 'one' })
  t:equal(#gateway.requests, 2)
end

scenes['a buffer that is wiped out under a stream ends the request'] = function(t)
  local gateway = t:gateway()
  for _, command in ipairs({ 'bwipeout!', 'bdelete!' }) do
    local e = chat.open(t)
    local before = #gateway.requests
    chat.ask(e, 'go')
    local request = gateway:wait_request(before + 1)
    request:text('some ')
    e:wait('the text', [[return vim.fn.search('^some $', 'nw') > 0]])
    e:keys(':' .. command .. '<CR>')
    t.till('the connection to be closed', function()
      return request.closed
    end)
    request:text('more')
    t:equal(chat.wait_end(e).state, 'cancelled')
  end
end

scenes['a window that is closed and opened again under a stream shows all of it'] = function(t)
  local gateway = t:gateway()
  t:write('project/a.lua', 'x = 1\n')
  local e = chat.open(t, { file = 'a.lua' })
  chat.ask(e, 'go')
  local request = gateway:wait_request()
  request:text('one\n')
  e:wait('the text', [[return vim.fn.search('^one$', 'nw') > 0]])
  e:keys(':q<CR>')
  e:wait('the window to be closed', [[return vim.fn.bufname() == 'a.lua']])
  request:text('two\n')
  e:rpc('nvim_command', 'Dragoman chat')
  e:wait('the text', [[return vim.fn.search('^two$', 'nw') > 0]])
  request:answer('three')
  chat.wait_end(e)
  t:contains(all(e), 'one\ntwo\nthree\n')
end

scenes['an editor that is quit with a request running ends, and so does its daemon'] = function(t)
  local gateway = t:gateway()
  local e = chat.open(t)
  chat.ask(e, 'go')
  local request = gateway:wait_request()
  request:text('some')
  e:wait('the text', [[return vim.fn.search('^some$', 'nw') > 0]])
  e:daemon_pids()
  vim.rpcnotify(e.channel, 'nvim_input', ':q!<CR>:qall!<CR>')
  e:wait_gone()
  t.till('the connection to be closed', function()
    return request.closed
  end)
end

scenes['text that a terminal could obey is only text'] = function(t)
  local gateway = t:gateway()
  local e = chat.open(t)
  chat.ask(e, 'go')
  local request = gateway:wait_request()
  request:text('a\27[31mred\27[0m\0nul\7\r')
  request:text('\nnext\rlast \194\155x\n')
  request:text('# vim: set textwidth=7:\n<script>alert(1)</script> [x](javascript:1)\n```')
  request:finish()
  t:equal(chat.wait_end(e).state, 'complete')
  t:equal(vim.list_slice(e:lines(), 7, 12), {
    'a␛[31mred␛[0m␀nul␇',
    'next',
    'last �x',
    '# vim: set textwidth=7:',
    '<script>alert(1)</script> [x](javascript:1)',
    '```',
  })
  e:keys(':edit!<CR>')
  e:wait('the text to be read again', [[return vim.fn.search('javascript', 'nw') > 0]])
  t:equal(e:lua('return vim.bo.textwidth'), 0)
end

scenes['writing a chat does no harm and reading it again keeps what was not sent'] = function(t)
  t:gateway(function(request)
    request:answer('sure')
  end)
  local e = chat.open(t)
  t:expect_message('dragoman: ')
  chat.ask(e, 'one')
  chat.wait_end(e)
  chat.type(e, 'not sent')
  t:equal(e:lua('return vim.bo.modified'), true)
  e:keys(':w<CR>')
  e:settle()
  t:equal(e:lua('return vim.bo.modified'), false)
  local before = e:lines()
  e:keys(':e<CR>')
  e:wait('the text to be read again', [[return vim.fn.search('^not sent$', 'nw') > 0]])
  t:equal(e:lines(), before)
  e:keys(':w notes.md<CR>')
  e:settle()
  t:contains(t:read('project/notes.md'), '## You\n\none\n')
  t:equal(t:read('project/notes.md'), table.concat(before, '\n') .. '\n')
end

scenes['a chat that is read again under a stream misses nothing'] = function(t)
  local gateway = t:gateway()
  local e = chat.open(t)
  chat.ask(e, 'go')
  local request = gateway:wait_request()
  request:text('one\n')
  e:wait('the text', [[return vim.fn.search('^one$', 'nw') > 0]])
  e:keys(':e!<CR>')
  request:text('two\n')
  e:wait(
    'the text',
    [[return vim.fn.search('^two$', 'nw') > 0 and vim.fn.search('^one$', 'nw') > 0]]
  )
  request:answer('three')
  chat.wait_end(e)
  t:equal(
    e:lines(),
    { '## You', '', 'go', '', '## gw/test', '', 'one', 'two', 'three', '', '## You', '', '' }
  )
end

scenes['a question that was not taken survives reading the chat again'] = function(t)
  local gateway = t:gateway(function(request)
    request:answer('sure')
  end)
  local e = chat.open(t)
  chat.ask(e, 'one')
  chat.wait_end(e, 1)
  chat.ask(e, 'two #file:nowhere')
  t.equal(nil, chat.wait_end(e, 2).state, 'failed')
  chat.type(e, 'three')
  e:keys(':e!<CR>')
  e:wait('the text to be read again', [[return vim.fn.search('^sure$', 'nw') > 0]])
  t:equal(vim.list_slice(e:lines(), 9), { '## You', '', 'two #file:nowhere', '', 'three' })
  t:equal(e:rpc('nvim_win_get_cursor', 0)[1], 13)
  t:equal(#gateway.requests, 1)
end

scenes['a chat that was never sent keeps its text when it is read again'] = function(t)
  t:gateway()
  local e = chat.open(t)
  t:expect_message('dragoman: #file')
  chat.ask(e, 'look at #file:/')
  chat.wait_beside(e, 'is a folder')
  local before = e:lines()
  e:keys(':e!<CR>')
  e:wait('the text', [[return vim.fn.search('^look', 'nw') > 0]])
  t:equal(e:lines(), before)
end

scenes['what does not fit the model is told beside the answer'] = function(t)
  local e = t:editor()
  local function said(left_out)
    return e:lua([[return require('dragoman.chat.text').left_out(...)]], left_out)
  end
  t:contains(
    said({ turns = 3, items = { 'a.lua', 'b\ncd' } }),
    'the 3 oldest turns, all or a part of a.lua, all or a part of b cd'
  )
  t:contains(said({ turns = 1 }), ': the oldest turn')
  t:equal(said({ turns = 0 }), vim.NIL)
end

scenes['a chat that is read again before its answer begins loses neither'] = function(t)
  local gateway = t:gateway()
  local e = chat.open(t, { after = 'vim.o.hidden = true' })
  -- Both happen before anything of the daemon can be heard.
  e:lua([[
    vim.api.nvim_buf_set_lines(0, 2, 3, false, { 'early' })
    require('dragoman.client').start(nil, function()
      require('dragoman.chat').send()
      vim.cmd('edit!')
    end)
  ]])
  local request = gateway:wait_request()
  request:text('one\n')
  request:answer('two')
  chat.wait_end(e)
  t:equal(
    e:lines(),
    { '## You', '', 'early', '', '## gw/test', '', 'one', 'two', '', '## You', '', '' }
  )
end

scenes['a chat that cannot be read again keeps its text until it can'] = function(t)
  t:gateway(function(request)
    request:answer('sure')
  end)
  local e = chat.open(t)
  chat.ask(e, 'one')
  chat.wait_end(e)
  chat.type(e, 'not sent')
  local before = e:lines()
  t:expect_message('quit with')
  t:expect_message('there is no program')
  e:lua([[require('dragoman').setup({ cmd = '/nowhere/dragoman' })]])
  vim.uv.kill(e:daemon_pids()[1], 9)
  e:wait('the daemon to be gone', [[return require('dragoman.client').attached() == nil]])
  e:keys(':e!<CR>')
  chat.wait_beside(e, 'there is no program')
  t:equal(e:lines(), before)
  e:lua([[require('dragoman').setup({ cmd = ... })]], t.daemon)
  e:keys(':e!<CR>')
  e:wait(
    'the text to be read again',
    [[
    return vim.bo.modifiable and require('dragoman.client').attached() ~= nil
  ]]
  )
  t:equal(e:lines(), before)
  chat.ask(e, '')
  t:equal(chat.wait_end(e, 2).state, 'complete')
end

scenes['headings somebody types or deletes confuse nothing'] = function(t)
  local gateway = t:gateway()
  local e = chat.open(t)
  chat.type(e, 'what is<CR>## You<CR>and ## gw/test?')
  e:keys('<CR>')
  local request = gateway:wait_request()
  t:equal(request.json.messages[2].content, 'what is\n## You\nand ## gw/test?')
  request:answer('## You\nmust be a heading')
  chat.wait_end(e)
  e:keys('ggdd')
  e:settle()
  chat.type(e, '')
  e:keys('G')
  chat.ask(e, 'next')
  local second = gateway:wait_request(2)
  local messages = second.json.messages
  t:equal(messages[#messages].content, 'next')
  second:answer('fine')
  chat.wait_end(e, 2)
  t:equal(e:lua('return ends[2].state'), 'complete')
end

return scenes
