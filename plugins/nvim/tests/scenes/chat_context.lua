--- Chat: what a question attaches, and how `#` is completed.

local chat = require('lib.chat')

local scenes = {}

---@param request test.Request
---@return string what the model got as its last message
local function asked(request)
  local messages = request.json.messages
  return messages[#messages].content
end

---@param t test.Scene
---@param opts? table
---@return test.Editor with a chat beside `code.lua`
---@return test.Gateway
local function beside_code(t, opts)
  local gateway = t:gateway()
  t:write('project/code.lua', 'local one = 1\nlocal zwö = "ä𝄞" .. one\nreturn two\n')
  opts = opts or {}
  opts.file = 'code.lua'
  return chat.open(t, opts), gateway
end

scenes['#file is the file beside the chat, or one by its name, or lines of it'] = function(t)
  local e, gateway = beside_code(t)
  t:write('project/my notes.txt', 'alpha\nbeta\ngamma\n')
  chat.ask(e, [[explain #file, "#file:my notes.txt:2-3" and #file:"my notes.txt":2-3.]])
  local text = asked(gateway:wait_request())
  t:contains(text, 'local one = 1\nlocal zwö')
  t:contains(text, 'beta\ngamma')
  assert(not text:find('alpha'), text)
  t:contains(text, 'explain #file, ')
end

scenes['#selection is what was selected, to the character'] = function(t)
  local e, gateway = beside_code(t)
  e:keys('<C-w>p/zwö<CR>v/𝄞<CR><Esc><C-w>p')
  e:settle()
  chat.ask(e, 'what is #selection')
  local text = asked(gateway:wait_request())
  t:contains(text, 'zwö = "ä𝄞\n')
  assert(not text:find('local zwö') and not text:find('one'), text)
  -- Asked again it is the same, whatever was selected since.
  gateway.requests[1]:answer('it is')
  chat.wait_end(e)
  e:keys('<C-w>pggV<Esc><C-w>p')
  e:settle()
  e:keys('gg,r')
  t:equal(asked(gateway:wait_request(2)), text)
end

scenes['#selection is converted for a daemon that counts in UTF-16'] = function(t)
  local e, gateway = beside_code(t, {
    before = [[
      local start = vim.lsp.start
      vim.lsp.start = function(config, ...)
        config.capabilities = config.capabilities or vim.lsp.protocol.make_client_capabilities()
        config.capabilities.general.positionEncodings = { 'utf-16' }
        return start(config, ...)
      end
      local start_client = vim.lsp.start_client
      vim.lsp.start_client = function(config)
        config.capabilities = config.capabilities or vim.lsp.protocol.make_client_capabilities()
        config.capabilities.general.positionEncodings = { 'utf-16' }
        return start_client(config)
      end
    ]],
  })
  e:keys('<C-w>p/𝄞<CR>v/\\.\\.<CR><Esc><C-w>p')
  e:settle()
  chat.ask(e, 'what is #selection')
  local text = asked(gateway:wait_request())
  t:equal(e:lua([[return require('dragoman.client').attached().offset_encoding]]), 'utf-16')
  t:contains(text, '\n𝄞" .\n')
end

scenes['a range of `:Dragoman chat` goes along, and text after it is sent at once'] = function(t)
  local e, gateway = beside_code(t)
  e:keys('<C-w>p:2,3Dragoman chat what is wrong<CR>')
  local text = asked(gateway:wait_request())
  t:contains(text, 'File code.lua, lines 2 to 3')
  t:contains(text, '#file:code.lua:2-3\nwhat is wrong')
end

scenes['#diagnostics are those of the file beside the chat'] = function(t)
  local e, gateway = beside_code(t)
  e:lua([[
    vim.diagnostic.set(vim.api.nvim_create_namespace('test'), vim.fn.bufnr('code.lua'), {
      { lnum = 2, col = 7, end_lnum = 2, end_col = 10, severity = 2,
        message = 'undefined two', source = 'lint', code = 'E7' },
    })
  ]])
  chat.ask(e, 'fix #diagnostics')
  t:contains(asked(gateway:wait_request()), 'code.lua:3:8: warning: undefined two [lint E7]')
end

scenes['#diff and #diff:staged are what git says'] = function(t)
  local e, gateway = beside_code(t)
  local git =
    { 'git', '-C', t.dir .. '/project', '-c', 'user.name=t', '-c', 'user.email=t@example.org' }
  local function run(...)
    local out = vim.fn.system(vim.list_extend(vim.deepcopy(git), { ... }))
    assert(vim.v.shell_error == 0, out)
  end
  run('init', '-q')
  run('add', '.')
  run('commit', '-qm', 'one')
  t:write('project/code.lua', 'staged line\n')
  run('add', '.')
  e:rpc('nvim_command', 'wincmd p | edit! code.lua | wincmd p')
  e:rpc('nvim_command', 'Dragoman restart')
  t:expect_message('the daemon runs')
  e:wait('a new daemon', [[return require('dragoman.client').attached() ~= nil]])
  chat.ask(e, 'review #diff:staged')
  t:contains(asked(gateway:wait_request()), '+staged line')
end

scenes['#image sends the picture, and a wrong name is told before anything is sent'] = function(t)
  local e, gateway = beside_code(t)
  t:write('project/shot.png', '\137PNG\r\n\26\n')
  t:expect_message('dragoman: #image')
  chat.ask(e, 'see #image:shot.txt')
  chat.wait_beside(e, '#image:shot.txt: shot.txt is no picture that models take')
  t:equal(e:lines(), { '## You', '', 'see #image:shot.txt' })
  t:equal(#gateway.requests, 0)
  local bytes = vim.base64.encode('\137PNG\r\n\26\n')
  e:keys('cc<Esc>')
  chat.ask(e, 'see #image:shot.png')
  local messages = gateway:wait_request().json.messages
  t:contains(
    vim.json.encode(messages[#messages]):gsub('\\/', '/'),
    'data:image/png;base64,' .. bytes
  )
end

scenes['what does not fit the model is told beside the answer'] = function(t)
  local gateway = t:gateway(function(request)
    request:answer('short')
  end, { providers = { gw = { models = { test = { contextLength = 1500 } } } } })
  t:write('project/long.txt', ('some words of a long text\n'):rep(2000))
  local e = chat.open(t, { file = 'long.txt' })
  chat.ask(e, 'summarise #file')
  t:equal(chat.wait_end(e).state, 'complete')
  t:contains(chat.beside(e, 4), 'Left out, because it does not fit the model: all or a part of')
  t:equal(#gateway.requests, 1)
end

scenes['masked secrets are told beside the answer'] = function(t)
  local gateway = t:gateway()
  t:write('project/keys.txt', ('one = "%s"\ntwo = "%s"\n'):format(t.secret, t.secret))
  local e = chat.open(t, { file = 'keys.txt' })
  chat.ask(e, 'what is in #file')
  local request = gateway:wait_request()
  request:text('Keys.')
  chat.wait_beside(e, '2 likely secrets were masked')
  request:finish()
  chat.wait_end(e)
  t:contains(chat.beside(e, 4), '2 likely secrets were masked')
  t:equal(request:prompt():find(t.secret, 1, true), nil)
  chat.ask(e, 'thanks')
  gateway:wait_request(2):answer('Fine.')
  chat.wait_end(e, 2)
  t:equal(chat.beside(e, 10):find('masked', 1, true), nil)
end

scenes['words that stand in code, inside of words or behind a backslash attach nothing'] = function(
  t
)
  local e = t:editor()
  local words = e:lua(
    [[
    local out = {}
    for _, word in ipairs(require('dragoman.chat.context').words(...)) do
      out[#out + 1] = word.text
    end
    return out
  ]],
    table.concat({
      'see #file and (#file:a.c:3), not \\#file or x#file or #filesystem or `#diff`',
      '```c',
      '#include <x> #file:b.c',
      '```',
      '# file ## diff #include #diff:staged. #file:"a b.c"! #selection',
    }, '\n')
  )
  t:equal(words, { '#file', '#file:a.c:3', '#diff:staged', '#file:"a b.c"', '#selection' })
end

scenes['typing # offers what can be attached, without any completion plugin'] = function(t)
  local e = beside_code(t)
  local before = e:lua('return vim.o.completeopt')
  e:keys('Alook at #')
  e:wait('the list', 'return vim.fn.pumvisible() == 1')
  t:equal(
    e:lua([[
    return vim.tbl_map(function(item) return item.word end, vim.fn.complete_info({ 'items' }).items)
  ]]),
    { '#diagnostics', '#diff', '#file', '#image', '#selection' }
  )
  t:equal(e:lines(), { '## You', '', 'look at #' })
  e:keys('fi')
  e:settle()
  e:keys('<C-n><C-y>:co')
  e:wait(
    'the names',
    [[
      return vim.fn.pumvisible() == 1
        and vim.fn.complete_info({ 'items' }).items[1].abbr == 'code.lua'
    ]]
  )
  e:keys('<C-n><C-y> and #file:co')
  e:wait('the names', 'return vim.fn.pumvisible() == 1')
  e:keys('<C-n><C-y><Esc>')
  e:settle()
  t:equal(e:lines()[3], 'look at #file:code.lua and #file:code.lua')
  t:equal(e:lua('return vim.o.completeopt'), before)
end

scenes['the list is in omnifunc too, and switching the trigger off leaves it there'] = function(t)
  local e = beside_code(t, { setup = '{ chat = { trigger = false } }' })
  e:keys('Alook at #d')
  e:settle()
  t:equal(e:lua('return vim.fn.pumvisible()'), 0)
  e:keys('<C-x><C-o>')
  e:wait('the list', 'return vim.fn.pumvisible() == 1')
  e:keys('<C-e><Esc>')
  e:settle()
end

return scenes
