--- Chat: asking, watching, stopping, and what became of an answer.

local chat = require('lib.chat')

local scenes = {}

scenes['a question typed and sent is answered piece by piece below it'] = function(t)
  local gateway = t:gateway()
  local e = chat.open(t)
  t:equal(e:lines(), { '## You', '', '' })
  t:contains(chat.beside(e, 0), '<CR> sends, # attaches')
  chat.type(e, 'why?')
  e:keys('<CR>')
  local request = gateway:wait_request()
  t:contains(request:prompt(), 'why?')
  request:text('Because ')
  e:wait_lines({ '## You', '', 'why?', '', '## gw/test', '', 'Because ', '', '## You', '', '' })
  request:text('it is\nso.')
  request:finish('stop', { prompt_tokens = 1234, completion_tokens = 5, total_tokens = 1239 })
  chat.wait_end(e)
  t:equal(e:lines(), {
    '## You',
    '',
    'why?',
    '',
    '## gw/test',
    '',
    'Because it is',
    'so.',
    '',
    '## You',
    '',
    '',
  })
  t:contains(chat.beside(e, 4), '1 234 in · 5 out')
  t:equal(e:rpc('nvim_win_get_cursor', 0), { 12, 0 })
  t:equal(chat.beside(e, 0) .. chat.beside(e, 9), '')
end

scenes['a buffer takes the name of its conversation and is no document of the daemon'] = function(t)
  local gateway = t:gateway(function(request)
    request:answer('yes')
  end)
  local e = chat.open(t)
  chat.ask(e, 'ready?')
  gateway:wait_request()
  chat.wait_end(e)
  local name = e:rpc('nvim_buf_get_name', 0)
  assert(name:match('^dragoman://chat/%x+$'), name)
  t:equal(e:lua([[return require('dragoman.client').attached(0) == nil]]), true)
  t:equal(
    e:lua([[
    local names = {}
    for _, buf in ipairs(vim.api.nvim_list_bufs()) do
      if vim.api.nvim_buf_get_name(buf):find('dragoman://', 1, true) then
        names[#names + 1] = buf
      end
    end
    return #names
  ]]),
    1
  )
  t:equal(e:lua('return { vim.bo.filetype, vim.bo.modified }'), { 'markdown', false })
end

scenes['a question is sent from Insert mode, and the next one is written at once'] = function(t)
  local gateway = t:gateway()
  local e = chat.open(t)
  e:keys('Aone<C-s>two')
  local request = gateway:wait_request()
  t:equal(request.json.messages[2].content, 'one')
  e:keys(' lines<CR>and more')
  e:settle()
  t:equal(e:rpc('nvim_get_mode').mode, 'i')
  request:answer('fine')
  chat.wait_end(e)
  e:keys('<C-s>')
  local second = gateway:wait_request(2)
  t:equal(second.json.messages[4].content, 'two lines\nand more')
  second:answer('fine, too')
  chat.wait_end(e, 2)
  e:keys('<Esc>')
  e:settle()
  t:equal(vim.list_slice(e:lines(), 9, 18), {
    '## You',
    '',
    'two lines',
    'and more',
    '',
    '## gw/test',
    '',
    'fine, too',
    '',
    '## You',
  })
end

scenes['use, cost and tokens from the cache stand beside the heading'] = function(t)
  local e = t:editor()
  local function said(usage, cost)
    return e:lua([[return require('dragoman.chat.text').usage(...)]], usage, cost)
  end
  t:equal(
    said(
      { inputTokens = 1234567, outputTokens = 89, cachedInputTokens = 1000, reasoningTokens = 7 },
      { amount = 0.00123456, currency = 'USD' }
    ),
    '1 234 567 in (1 000 cached) · 89 out (7 reasoning) · 0.001235 USD'
  )
  t:equal(said({ inputTokens = 0, outputTokens = 999 }), '0 in · 999 out')
  t:equal(said(vim.NIL, { amount = 2, currency = 'a\nb' }), '2 a b')
  t:equal(said(vim.NIL, vim.NIL), '')
end

scenes['keys can be others or none'] = function(t)
  local gateway = t:gateway()
  local e = chat.open(t, { setup = [[{ chat = { keys = { send = '<F5>', stop = false } } }]] })
  t:contains(chat.beside(e, 0), '<F5> sends')
  chat.type(e, 'one')
  e:keys('<CR>')
  e:settle()
  t:equal(e:lua([[return vim.fn.maparg('<C-c>', 'n')]]), '')
  e:keys('<F5>')
  gateway:wait_request():answer('fine')
  chat.wait_end(e)
end

scenes['highlighting is there again when the text was read again'] = function(t)
  t:gateway(function(request)
    request:answer('fine')
  end)
  local e = chat.open(t)
  chat.ask(e, 'one')
  chat.wait_end(e)
  local state = [[
    local tree = vim.treesitter.highlighter.active[vim.api.nvim_get_current_buf()] ~= nil
    return { tree, vim.bo.syntax, vim.b.current_syntax or '' }
  ]]
  local before = e:lua(state)
  assert(before[1] or before[3] == 'markdown', vim.inspect(before))
  e:keys(':e<CR>')
  e:wait('the text to be read again', [[return vim.fn.search('^fine$', 'nw') > 0]])
  t:equal(e:lua(state), before)
end

return scenes
