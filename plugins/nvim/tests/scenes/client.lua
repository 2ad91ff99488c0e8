--- The daemon as the editor sees it: starting, asking, ending.

local scenes = {}

--- Lua that sends a chat question and keeps its pieces and its end in `answer`.
local ask_chat = [[
  _G.answer = { text = '', ends = 0 }
  _G.request = require('dragoman.client').request('dragoman/chat/send', { prompt = ... }, {
    on_event = function(value)
      answer.text = answer.text .. (value.kind == 'text' and value.text or '')
    end,
  }, function(err, result)
    answer.ends = answer.ends + 1
    answer.err = err and { code = err.code, message = err.message, data = err.data }
    answer.result = result
  end)
]]

--- An editor with one file that the daemon has open.
local function with_file(t, opts)
  local gateway = t:gateway()
  t:write('project/a.py', 'x = 1\n')
  local e = t:editor(vim.tbl_extend('keep', opts or {}, { file = 'a.py' }))
  e:wait('the buffer to be open', [[return require('dragoman.client').attached(0) ~= nil]])
  return e, gateway
end

local function wait_answer(e)
  e:wait('the end of the answer', [[return answer.ends == 1]])
  return e:lua('return answer')
end

scenes['a file starts one daemon, whatever is opened after it'] = function(t)
  local e = with_file(t)
  t:write('project/b.lua', 'local x = 1\n')
  local pid = e:wait_daemon()
  e:keys(':edit b.lua<CR>')
  e:wait(
    'the other buffer to be open',
    [[
    return vim.fn.bufname() == 'b.lua' and require('dragoman.client').attached(0) ~= nil
  ]]
  )
  t:equal(e:daemon_pids(), { pid })
end

scenes['an editor without a file starts nothing'] = function(t)
  t:gateway()
  local e = t:editor()
  e:settle()
  t:equal(e:daemon_pids(), {})
  t:equal(
    e:lua([[
    local loaded = {}
    for name in pairs(package.loaded) do
      if name:find('^dragoman') and name ~= 'dragoman' and name ~= 'dragoman.config' then
        loaded[#loaded + 1] = name
      end
    end
    return loaded
  ]]),
    {}
  )
end

scenes['the plugin works without setup()'] = function(t)
  t:gateway(function(request)
    request:answer('+ 1')
  end)
  t:write('project/a.py', 'x = 1 \n')
  local bin = t.dir .. '/bin'
  vim.fn.mkdir(bin)
  vim.uv.fs_symlink(t.daemon, bin .. '/dragoman')
  local e = t:editor({ file = 'a.py', bare = true, env = { PATH = bin .. ':' .. vim.env.PATH } })
  e:wait('the buffer to be open', [[return require('dragoman.client').attached(0) ~= nil]])
  e:keys('A')
  e:wait_ghost('+ 1')
end

scenes['a daemon that vim.lsp.enable() starts is the one the plugin uses'] = function(t)
  if not t:has(11) then
    t:skip('needs Neovim 0.11')
  end
  local e, gateway = with_file(t, {
    after = [[vim.lsp.config('dragoman', { on_init = function() _G.users_hook = true end })
    vim.lsp.enable('dragoman')]],
  })
  gateway.on_request = function(request)
    request:answer('+ 1')
  end
  e:keys('A ')
  e:wait_ghost('+ 1')
  t.till('one process, once the look at its version is over', function()
    return #e:daemon_pids() == 1
  end)
  t:equal(e:lua('return users_hook'), true)
end

scenes['an error in a callback harms no other request'] = function(t)
  t:expect_message('on purpose')
  t:expect_message('stack traceback')
  t:expect_message('Error')
  local e, gateway = with_file(t, { before = 'vim.o.lines, vim.o.cmdheight = 60, 40' })
  gateway.on_request = function(request)
    request:answer('yes')
  end
  e:lua([[
    vim.o.cmdheight = 20
    local function fail() error('on purpose') end
    local question = { prompt = '?' }
    require('dragoman.client').request('dragoman/chat/send', question, { on_event = fail }, fail)
  ]])
  e:lua(ask_chat, 'Hello?')
  t:equal(wait_answer(e).result.text, 'yes')
end

scenes['a buffer without a name gets suggestions too'] = function(t)
  t:gateway(function(request)
    request:answer('world")')
  end)
  local e = t:editor()
  e:keys(':set ft=python<CR>iprint("hello ')
  e:wait_ghost('world")')
  e:keys('<Tab>')
  e:wait_lines({ 'print("hello world")' })
end

scenes['of two buffers without a name, the one in use is known'] = function(t)
  t:gateway(function(request)
    request:answer(request:prompt():find('second', 1, true) and 'TWO' or 'ONE')
  end)
  local e = t:editor()
  e:keys('i# first = ')
  e:wait_ghost('ONE')
  e:keys('<Esc>:new<CR>i# second = ')
  e:wait_ghost('TWO')
  e:keys('<Esc>:wincmd w<CR>A')
  e:wait_ghost('ONE')
end

scenes['a project opened later becomes one of the daemon'] = function(t)
  local e = with_file(t)
  t:write('other/.dragoman.json', '{"completion": {"enabled": false}}')
  t:write('other/b.py', 'y = 2\n')
  e:spy()
  e:keys(':edit ../other/b.py<CR>')
  e:wait(
    'the other buffer to be open',
    [[
    return vim.fn.expand('%:t') == 'b.py' and require('dragoman.client').attached(0) ~= nil
  ]]
  )
  local added = e:sent('workspace/didChangeWorkspaceFolders')[1].event.added
  t:equal(added[1].name, t.dir .. '/other')
end

scenes['pieces of an answer reach the request that asked, in order'] = function(t)
  local e, gateway = with_file(t)
  e:lua(ask_chat, 'Hello?')
  local request = gateway:wait_request(1)
  request:text('one ')
  e:wait('the first piece', [[return answer.text == 'one ']])
  t:equal(e:lua('return answer.ends'), 0)
  request:text('two')
  request:finish()
  local answer = wait_answer(e)
  t:equal(answer.text, 'one two')
  t:equal(answer.result.text, 'one two')
end

scenes['a request may come from any buffer, before a daemon runs'] = function(t)
  t:gateway(function(request)
    request:answer('yes')
  end)
  local e = t:editor()
  e:lua(ask_chat, 'Hello?')
  t:equal(wait_answer(e).result.text, 'yes')
  e:lua([[vim.cmd('enew | setlocal buftype=nofile')]])
  e:lua(ask_chat, 'Again?')
  t:equal(wait_answer(e).result.text, 'yes')
end

scenes['cancelling ends the request once and closes the connection upstream'] = function(t)
  local e, gateway = with_file(t)
  e:lua(ask_chat, 'Hello?')
  local request = gateway:wait_request(1)
  request:text('one ')
  e:wait('the first piece', [[return answer.text == 'one ']])
  e:lua('request.cancel() request.cancel()')
  t:equal(wait_answer(e).err.code, -32800)
  t.till('the connection to be closed', function()
    return request.closed
  end)
  t:equal(e:lua('return answer.ends'), 1)
end

scenes['a failure names the cause and what to do'] = function(t)
  local e, gateway = with_file(t)
  gateway.on_request = function(request)
    request:refuse(
      402,
      { error = { message = 'Insufficient balance', type = 'insufficient_balance' } }
    )
  end
  e:lua(ask_chat, 'Hello?')
  local err = wait_answer(e).err
  t:equal(err.data.kind, 'insufficientBalance')
  t:contains(e:lua([[return require('dragoman.ui').describe(answer.err)]]), err.data.hint)
end

scenes['a daemon that is killed in mid-stream ends the request and is started again'] = function(t)
  t:expect_message('quit with exit code')
  local e, gateway = with_file(t)
  local pid = e:wait_daemon()
  e:lua(ask_chat, 'Hello?')
  gateway:wait_request(1):text('one ')
  e:wait('the first piece', [[return answer.text == 'one ']])
  vim.uv.kill(pid, 9)
  local err = wait_answer(e).err
  t:equal(err.data.kind, 'daemonEnded')
  e:wait('a new daemon with the buffer', [[return require('dragoman.client').attached(0) ~= nil]])
  t:equal(vim.list_contains(e:daemon_pids(), pid), false)
  t:equal(e:lines(), { 'x = 1' })
end

scenes['a daemon that keeps dying is left alone after five times, with one message'] = function(t)
  t:expect_message('quit with exit code')
  t:expect_message('ended 5 times')
  local e = with_file(t)
  -- What the pauses between are is not the point here.
  e:lua([[
    local defer = vim.defer_fn
    vim.defer_fn = function(fn, ms) return defer(fn, ms < 10000 and 20 or ms) end
  ]])
  for n = 1, 5 do
    local pid = e:wait_daemon()
    vim.uv.kill(pid, 9)
    e:wait('its end to be noticed', [[return require('dragoman.client').attached() == nil]])
  end
  e:wait_message('ended 5 times')
  e:keys(':Dragoman restart<CR>')
  t:expect_message('the daemon runs')
  e:wait('a daemon again', [[return require('dragoman.client').attached(0) ~= nil]])
end

scenes['restarting keeps the buffers'] = function(t)
  t:expect_message('the daemon runs')
  local e = with_file(t)
  local pid = e:wait_daemon()
  e:keys(':Dragoman restart<CR>')
  e:wait_message('the daemon runs')
  e:wait('the buffer to be open', [[return require('dragoman.client').attached(0) ~= nil]])
  t:equal(#e:daemon_pids(), 1)
  assert(e:daemon_pids()[1] ~= pid)
end

scenes['a missing daemon is told once, with the cure'] = function(t)
  t:expect_message('there is no program `/nowhere/dragoman`')
  t:write('project/a.py', 'x = 1\n')
  local e = t:editor({ file = 'a.py', setup = [[{ cmd = '/nowhere/dragoman' }]] })
  e:wait_message('dragoman-install')
  e:keys('oy = 2<Esc>:edit b.py<CR>:edit a.py<CR>')
  e:settle()
  local _, times = e:messages():gsub('there is no program', '')
  t:equal(times, 1)
end

scenes['a program that is no daemon is named'] = function(t)
  t:expect_message('/bin/false')
  t:write('project/a.py', 'x = 1\n')
  local e = t:editor({ file = 'a.py', setup = [[{ cmd = '/bin/false' }]] })
  e:wait_message('/bin/false is no working')
end

--- A program in the daemon's place: `version` is what it says of itself, then it reads and is silent.
local function mute_daemon(t, version)
  local script = "#!/bin/sh\nif [ $1 = --version ]; then echo '%s'; else exec cat >/dev/null; fi\n"
  local path = t:write('bin/dragoman', script:format(version))
  vim.uv.fs_chmod(path, tonumber('700', 8))
  t:write('project/a.py', 'x = 1\n')
  return path
end

scenes['a daemon that is too old is told, with the cure'] = function(t)
  t:expect_message('too old')
  local path = mute_daemon(t, 'dragoman 0.0.1 (editor protocol 0)')
  local e = t:editor({ file = 'a.py', setup = ('{ cmd = %q }'):format(path) })
  e:wait_message('dragoman 0.0.1 at ' .. path .. ' is too old for this plugin. Update it')
end

scenes['a daemon that says nothing is ended, and requests hear of it'] = function(t)
  t:expect_message('quit with exit code')
  t:expect_message('ended')
  local path = mute_daemon(t, 'dragoman 9.9 (editor protocol 1)')
  local e = t:editor({
    file = 'a.py',
    setup = ('{ cmd = %q }'):format(path),
    -- What the bound and the pauses are is not the point here.
    before = [[
      local defer = vim.defer_fn
      vim.defer_fn = function(fn, ms) return defer(fn, math.min(ms, 200)) end
    ]],
  })
  e:lua(ask_chat, 'Hello?')
  t:equal(wait_answer(e).err.data.kind, 'daemonEnded')
  e:wait_message('ended 5 times')
end

scenes['wrong settings are named and the rest counts'] = function(t)
  t:expect_message('setup%(%): ')
  local e = t:editor({
    setup = [[{
      gost = {},
      ghost = { renderer = 'neon', max_bytes = 7 },
      keys = { accept = 1, next = false },
    }]],
  })
  e:wait('the message', [[return vim.api.nvim_exec2('messages', { output = true }).output ~= '']])
  local text = e:messages():gsub('%s+', ' ')
  t:contains(text, '`gost` is no setting (did you mean `ghost')
  t:contains(text, '`ghost.renderer` must be one of auto, own, builtin, not "neon"')
  t:contains(text, '`keys.accept` must be a key or false, not 1')
  t:equal(
    e:lua([[
    local config = require('dragoman.config').get()
    return { config.ghost.renderer, config.ghost.max_bytes, config.keys.accept, config.keys.next }
  ]]),
    { 'auto', 7, '<Tab>', false }
  )
end

scenes['settings of setup() outrank the file, now and when they change'] = function(t)
  local e = with_file(t, { setup = [[{ settings = { chat = { model = 'gw/other' } } }]] })
  local effective = [[
    _G.model = nil
    require('dragoman.client').request('dragoman/config', {}, {}, function(err, result)
      _G.model = result.effective.chat.model
    end)
  ]]
  e:lua(effective)
  t:equal(e:wait('the configuration', 'return model'), 'gw/other')
  e:lua([[
    require('dragoman').setup({
      cmd = require('dragoman.config').get().cmd,
      settings = { chat = { model = 'gw/large' } },
    })
  ]])
  e:lua(effective)
  t:equal(e:wait('the configuration', 'return model'), 'gw/large')
end

scenes['settings that another plugin fills in are not passed on as ours'] = function(t)
  if not t:has(11) then
    t:skip('needs Neovim 0.11')
  end
  local e = with_file(t, {
    after = [[vim.lsp.config('dragoman', {
      settings = { dragoman = { chat = { model = 'gw/evil' } } },
      before_init = function(_, config)
        _G.users_hook = true
        config.settings.dragoman.edit = { model = 'gw/evil' }
      end,
    })]],
  })
  e:lua([[require('dragoman.client').request('dragoman/config', {}, {}, function(_, result)
    _G.effective = result.effective
  end)]])
  local effective = e:wait('the configuration', 'return effective')
  t:equal(effective.chat.model, 'gw/test')
  t:equal(effective.edit and effective.edit.model, nil)
  t:equal(e:lua('return users_hook'), true)
end

scenes['a file that is renamed is known by its new name'] = function(t)
  local e, gateway = with_file(t)
  e:spy()
  e:keys(':file c.py<CR>')
  e:wait('the new name', [[return vim.fn.bufname() == 'c.py']])
  e:settle()
  t:equal(#e:sent('textDocument/didClose'), 1)
  t:equal(
    e:sent('textDocument/didClose')[1].textDocument.uri,
    vim.uri_from_fname(t.dir .. '/project/a.py')
  )
  t:equal(
    e:sent('textDocument/didOpen')[1].textDocument.uri,
    vim.uri_from_fname(t.dir .. '/project/c.py')
  )
  gateway.on_request = function(request)
    request:answer('+ 2')
  end
  e:keys('A ')
  e:wait_ghost('+ 2')
  e:keys('<Esc>:write<CR>')
  e:wait('the file', [[return vim.fn.filereadable('c.py') == 1]])
  e:settle()
  t:equal(#e:sent('textDocument/didOpen'), 1)
end

scenes["a changed 'filetype' is told to the daemon"] = function(t)
  local e = with_file(t)
  e:spy()
  e:keys(':set filetype=lua<CR>')
  t.till('the document to be opened anew', function()
    return e:sent('textDocument/didOpen')[1]
  end)
  t:equal(e:sent('textDocument/didOpen')[1].textDocument.languageId, 'lua')
end

scenes['a question of the daemon is asked through vim.ui and waits for nobody'] = function(t)
  local e = with_file(t)
  e:lua([[
    vim.ui.select = function(items, opts, on_choice)
      _G.question = { prompt = opts.prompt, titles = vim.tbl_map(opts.format_item, items) }
      _G.choose = function(n) on_choice(items[n], n) end
    end
    local handler = require('dragoman.client').attached().handlers['window/showMessageRequest']
    coroutine.wrap(function()
      _G.chosen = handler(nil, {
        type = 3,
        message = 'Trust it?',
        actions = { { title = 'Trust' }, { title = 'No' } },
      }, {})
    end)()
  ]])
  t:equal(e:lua('return question'), { prompt = 'Trust it?', titles = { 'Trust', 'No' } })
  t:equal(e:lua('return chosen == nil'), true)
  e:lua('choose(2)')
  t:equal(e:lua('return chosen'), { title = 'No' })
end

scenes['a question waits until the person has stopped typing'] = function(t)
  local e = with_file(t)
  e:lua([[
    vim.ui.select = function() _G.asked = true end
  ]])
  e:keys('Ahello')
  e:wait_lines({ 'x = 1hello' })
  e:lua([[
    local handler = require('dragoman.client').attached().handlers['window/showMessageRequest']
    coroutine.wrap(function()
      handler(nil, { type = 3, message = 'Trust it?', actions = { { title = 'Trust' } } }, {})
    end)()
  ]])
  e:keys(' world')
  e:wait_lines({ 'x = 1hello world' })
  t:equal(e:lua('return asked == nil'), true)
  e:keys('<Esc>')
  e:wait('the question', 'return asked')
end

scenes['every file in a window is known once the daemon runs, and which one is in use'] = function(
  t
)
  t:gateway()
  t:write('project/a.py', 'x = 1\n')
  t:write('project/b.py', 'y = 2\n')
  local e = t:editor({ args = { '-O', 'a.py', 'b.py' } })
  for _, name in ipairs({ 'a.py', 'b.py' }) do
    e:wait(
      name .. ' to be open',
      [[return require('dragoman.client').attached(vim.fn.bufnr(...)) ~= nil]],
      name
    )
  end
  e:spy()
  e:keys('<C-w>w')
  t.till('the daemon to hear of it', function()
    return e:sent('textDocument/didFocus')[1]
  end)
  t:contains(e:sent('textDocument/didFocus')[1].textDocument.uri, 'b.py')
end

scenes['with `enabled` false only commands start anything'] = function(t)
  t:gateway()
  t:write('project/a.py', 'x = 1\n')
  local e = t:editor({ file = 'a.py', setup = '{ enabled = false }' })
  e:keys('Ahello<Esc>')
  e:wait_lines({ 'x = 1hello' })
  e:settle()
  t:equal(e:daemon_pids(), {})
  e:keys(':Dragoman enable<CR>')
  e:wait('the buffer to be open', [[return require('dragoman.client').attached(0) ~= nil]])
  t:equal(#e:daemon_pids(), 1)
end

return scenes
