--- Chat while an answer comes in: what moves, what stays, what undo brings back, and how fast it
--- is.

local chat = require('lib.chat')

local scenes = {}

---@param count integer
---@return string of `count` lines
local function lines(count)
  local out = {}
  for i = 1, count do
    out[i] = 'line ' .. i
  end
  return table.concat(out, '\n') .. '\n'
end

scenes['who waits at the end sees the newest line'] = function(t)
  local gateway = t:gateway()
  local e = chat.open(t)
  chat.ask(e, 'count')
  local request = gateway:wait_request()
  request:text(lines(100))
  e:wait('the text', 'return vim.api.nvim_buf_line_count(0) > 100')
  e:wait('the end to be visible', "return vim.fn.line('w$') == vim.fn.line('$')")
  t:equal(e:lua("return vim.fn.line('.') == vim.fn.line('$')"), true)
  t:contains(e:screen(), 'line 100')
  request:text(lines(30) .. 'last')
  e:wait('more text', 'return vim.api.nvim_buf_line_count(0) > 135')
  t:contains(e:screen(), 'last')
  request:finish()
  chat.wait_end(e)
  t:contains(e:screen(), 'last')
end

scenes['who reads above is not moved by what comes in below'] = function(t)
  local gateway = t:gateway()
  local e = chat.open(t)
  chat.ask(e, 'count')
  local request = gateway:wait_request()
  request:text(lines(60))
  e:wait('the text', 'return vim.api.nvim_buf_line_count(0) > 60')
  e:keys('20G3|zt')
  e:settle()
  local view = e:lua('return vim.fn.winsaveview()')
  local function shown()
    return (e:screen():gsub('\n[^\n]*$', '')) -- the last line tells how far down this is
  end
  local screen = shown()
  request:text(lines(200))
  request:text('```lua\nx = 1\n')
  e:wait('more text', 'return vim.api.nvim_buf_line_count(0) > 260')
  t:equal(e:lua('return vim.fn.winsaveview()'), view)
  t:equal(shown(), screen)
  request:finish('stop', { prompt_tokens = 1, completion_tokens = 1, total_tokens = 2 })
  chat.wait_end(e)
  t:equal(e:lua('return vim.fn.winsaveview()'), view)
end

scenes['two windows of one chat follow each by its own cursor'] = function(t)
  local gateway = t:gateway()
  local e = chat.open(t)
  chat.ask(e, 'count')
  local request = gateway:wait_request()
  request:text(lines(60))
  e:wait('the text', 'return vim.api.nvim_buf_line_count(0) > 60')
  e:keys('<C-w>s20Gzt')
  e:settle()
  request:text(lines(60) .. 'last')
  e:wait('more text', 'return vim.api.nvim_buf_line_count(0) > 125')
  local seen = e:lua([[
    local out = {}
    for _, win in ipairs(vim.fn.win_findbuf(vim.api.nvim_get_current_buf())) do
      out[#out + 1] = { vim.fn.line('w0', win), vim.fn.line('w$', win) == vim.fn.line('$') }
    end
    table.sort(out, function(a, b) return a[1] < b[1] end)
    return out
  ]])
  t:equal(seen[1], { 20, false })
  t:equal(seen[2][2], true)
  request:finish()
  chat.wait_end(e)
end

scenes['the next question can be written while the answer comes in'] = function(t)
  local gateway = t:gateway()
  local e = chat.open(t)
  chat.ask(e, 'one')
  local request = gateway:wait_request()
  e:keys('Anext ')
  for i = 1, 20 do
    request:text(('piece %d\n'):format(i))
    e:keys('x')
  end
  e:wait(
    'all of it',
    [[
    local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
    return text:find('piece 20') and text:find('next ' .. ('x'):rep(20))
  ]]
  )
  t:equal(e:rpc('nvim_get_mode').mode, 'i')
  request:finish()
  chat.wait_end(e)
  e:keys(' y<Esc>')
  e:settle()
  local text = e:lines()
  t:equal(text[#text], 'next ' .. ('x'):rep(20) .. ' y')
  t:equal(text[#text - 2], '## You')
end

scenes['an answer is one step of undo, and undo and redo bring back all of it'] = function(t)
  local gateway = t:gateway()
  local e = chat.open(t)
  chat.ask(e, 'count')
  local request = gateway:wait_request()
  for i = 1, 10 do
    request:text(('part %d\n'):format(i))
    e:wait('the part', [[return vim.fn.search('^part ' .. ... .. '$', 'nw') > 0]], i)
  end
  request:finish()
  chat.wait_end(e)
  local whole = e:lines()
  e:keys('u')
  e:settle()
  t:equal(e:lines(), { '## You', '', 'count' })
  e:keys('<C-r>')
  e:settle()
  t:equal(e:lines(), whole)
  -- And the chat goes on as if nothing had been.
  e:keys('G')
  chat.ask(e, 'more')
  gateway:wait_request(2):answer('sure')
  chat.wait_end(e, 2)
  t:contains(table.concat(e:lines(), '\n'), '## You\n\nmore\n\n## gw/test\n\nsure\n')
end

scenes['undo in the middle of a stream takes back no text that was typed'] = function(t)
  local gateway = t:gateway()
  local e = chat.open(t)
  chat.ask(e, 'count')
  local request = gateway:wait_request()
  request:text('first\n')
  e:wait('the text', [[return vim.fn.search('^first$', 'nw') > 0]])
  e:keys('Gotyped by me<Esc>')
  e:settle()
  request:text('second\n')
  e:wait('the text', [[return vim.fn.search('^second$', 'nw') > 0]])
  e:keys('u')
  e:settle()
  local text = table.concat(e:lines(), '\n')
  t:contains(text, 'typed by me')
  t:contains(text, 'first')
  assert(not text:find('second'), text)
  e:keys('<C-r>')
  e:settle()
  t:contains(table.concat(e:lines(), '\n'), 'second')
  request:text('third')
  request:finish()
  chat.wait_end(e)
  t:contains(table.concat(e:lines(), '\n'), 'second\nthird')
end

scenes['reasoning is a closed fold above the answer'] = function(t)
  local gateway = t:gateway()
  local e = chat.open(t)
  chat.ask(e, 'think')
  local request = gateway:wait_request()
  request:reasoning('first I\nwonder ')
  request:reasoning('whether\n\nit works')
  e:wait('the thoughts', [[return vim.fn.search('^> it works$', 'nw') > 0]])
  request:text('It works.')
  request:finish('stop', {
    prompt_tokens = 9,
    completion_tokens = 30,
    total_tokens = 39,
    completion_tokens_details = { reasoning_tokens = 25 },
  })
  chat.wait_end(e)
  t:equal(vim.list_slice(e:lines(), 5, 12), {
    '## gw/test',
    '',
    '> first I',
    '> wonder whether',
    '> ',
    '> it works',
    '',
    'It works.',
  })
  t:equal(
    e:lua('return { vim.fn.foldclosed(7), vim.fn.foldclosedend(7), vim.fn.foldclosed(12) }'),
    { 7, 10, -1 }
  )
  t:contains(e:screen(), 'Reasoning (4 lines)')
  t:contains(chat.beside(e, 4), '25 reasoning')
end

scenes['reasoning that comes in while something is typed is folded afterwards'] = function(t)
  local gateway = t:gateway()
  local e = chat.open(t)
  chat.ask(e, 'think')
  local request = gateway:wait_request()
  e:keys('Anext')
  e:settle()
  request:reasoning('one\ntwo\nthree')
  request:text('done')
  request:finish()
  chat.wait_end(e)
  e:keys('<Esc>')
  e:wait('the fold', 'return vim.fn.foldclosed(8) == 7 and vim.fn.foldclosedend(8) == 9')
end

scenes['reasoning between pieces of the answer is folded by itself'] = function(t)
  local gateway = t:gateway()
  local e = chat.open(t)
  chat.ask(e, 'think')
  local request = gateway:wait_request()
  request:reasoning('a')
  request:text('one')
  request:reasoning('b\nc')
  request:text('two')
  e:wait('the text', [[return vim.fn.search('^two$', 'nw') > 0]])
  e:keys('<C-c>')
  chat.wait_end(e)
  t:equal(vim.list_slice(e:lines(), 7, 14), { '> a', '', 'one', '', '> b', '> c', '', 'two' })
  t:equal(
    e:lua('return vim.tbl_map(vim.fn.foldlevel, vim.fn.range(6, 14))'),
    { 1, 2, 1, 1, 1, 2, 2, 1, 1 }
  )
  -- Reasoning is no part of the text that goes on.
  e:keys(',c')
  gateway:wait_request(2):answer(' three')
  chat.wait_end(e, 2)
  t:equal(
    e:lua([[
    local one = require('dragoman.chat.conversation').of()
    return one.page:answer_text(one.page.sections[2])
  ]]),
    'one\n\ntwo three'
  )
end

scenes['every turn is a fold, the question being written is none'] = function(t)
  t:gateway(function(request)
    request:answer('an answer\n## You\nstill the answer')
  end)
  local e = chat.open(t)
  chat.ask(e, 'one')
  chat.wait_end(e, 1)
  chat.ask(e, 'two')
  chat.wait_end(e, 2)
  e:keys('zM')
  e:settle()
  local closed = e:lua([[
    local out, lnum = {}, 1
    while lnum <= vim.fn.line('$') do
      local last = vim.fn.foldclosedend(lnum)
      out[#out + 1] = last == -1 and vim.fn.getline(lnum) or vim.fn.foldtextresult(lnum)
      lnum = math.max(lnum, last) + 1
    end
    return out
  ]])
  t:equal(closed, {
    '## You: one (10 lines)',
    '## You: two (10 lines)',
    '## You',
    '',
    '',
  })
end

scenes['ten thousand pieces leave room for typing'] = function(t)
  local gateway = t:gateway()
  local e = chat.open(t)
  chat.ask(e, 'flood')
  local request = gateway:wait_request()
  local count, sent = 10000, {}
  for i = 1, count do
    sent[i] = i % 12 == 0 and 'word\n' or 'word '
  end
  for _, piece in ipairs(sent) do
    request:text(piece)
  end
  -- Keys are worked off while the flood goes on.
  for i = 1, 20 do
    e:keys('ix<Esc>')
    e:settle()
    t:equal(e:lua('return vim.api.nvim_get_current_line()'), ('x'):rep(i))
  end
  request:finish()
  chat.wait_end(e)
  local text = table.concat(e:lines(), '\n')
  t:contains(text, (table.concat(sent):gsub('%s+$', '')))
  local writes = e:lua('return vim.fn.changenr()')
  assert(writes < count / 10, ('%d steps of undo'):format(writes))
end

scenes['an answer of five megabytes is shown whole'] = function(t)
  local gateway = t:gateway()
  local e = chat.open(t)
  chat.ask(e, 'much')
  local request = gateway:wait_request()
  local line = ('0123456789 '):rep(7) .. '\n'
  local piece = line:rep(200)
  local pieces = math.ceil(5 * 1024 * 1024 / #piece)
  for _ = 1, pieces do
    request:text(piece)
  end
  request:text('the end')
  request:finish()
  chat.wait_end(e)
  t:equal(e:rpc('nvim_buf_line_count', 0), 6 + 200 * pieces + 1 + 4)
  t:equal(e:lua([[return vim.fn.search('^the end$', 'nw') > 0]]), true)
  t:equal(e:lua('return vim.b.dragoman_plain'), true)
end

return scenes
