--- Chat: taking code blocks over.

local chat = require('lib.chat')

local scenes = {}

local answer = table.concat({
  'First:',
  '',
  '```lua',
  'local one = 1',
  'return one',
  '```',
  '',
  '- in a list:',
  '  ```python',
  '  def two():',
  '      return 2',
  '  ```',
}, '\n')

---@param t test.Scene
---@param text? string
---@return test.Editor with an answer in the chat beside `code.lua`
local function answered(t, text)
  t:gateway(function(request)
    request:answer(text or answer)
  end)
  t:write('project/code.lua', 'alpha\nbeta\ngamma\n')
  local e = chat.open(t, { file = 'code.lua' })
  chat.ask(e, 'code')
  chat.wait_end(e)
  return e
end

---@param e test.Editor
---@return string[]
local function code(e)
  return e:lines(e:lua([[return vim.fn.bufnr('code.lua')]]))
end

scenes['the block at the cursor is yanked without its fence and indentation'] = function(t)
  local e = answered(t)
  t:expect_message('lines yanked')
  e:keys(',y')
  e:settle()
  t:equal(e:lua([[return vim.fn.getreg('"', 1, true)]]), { 'def two():', '    return 2' })
  e:lua([[vim.fn.search('return one', 'w')]])
  e:keys('"a,y')
  e:settle()
  t:equal(
    e:lua([[return { vim.fn.getreg('a', 1, true), vim.fn.getregtype('a') }]]),
    { { 'local one = 1', 'return one' }, 'V' }
  )
end

scenes['a block is inserted below the cursor of the file beside the chat'] = function(t)
  local e = answered(t)
  e:keys('<C-w>pgg<C-w>p,i')
  e:settle()
  t:equal(code(e), { 'alpha', 'def two():', '    return 2', 'beta', 'gamma' })
  e:keys('<C-w>pu')
  e:settle()
  t:equal(code(e), { 'alpha', 'beta', 'gamma' })
end

scenes['a block takes the place of the selection, by lines and by characters'] = function(t)
  local e = answered(t)
  e:keys('<C-w>pggVj<Esc><C-w>p')
  e:lua([[vim.fn.search('return one', 'w')]])
  e:keys(',s')
  e:settle()
  t:equal(code(e), { 'local one = 1', 'return one', 'gamma' })
  e:keys('<C-w>pGlvl<Esc><C-w>p,s')
  e:settle()
  t:equal(code(e), { 'local one = 1', 'return one', 'glocal one = 1', 'return onema' })
end

scenes['without a selection nothing is replaced'] = function(t)
  local e = answered(t)
  t:expect_message('nothing was selected')
  e:keys(',s')
  e:settle()
  t:equal(code(e), { 'alpha', 'beta', 'gamma' })
end

scenes['a comparison changes the file on :w and not before'] = function(t)
  local e = answered(t)
  e:keys('<C-w>pggV<Esc><C-w>p,d')
  e:wait('the comparison', 'return vim.fn.tabpagenr("$") == 2 and vim.wo.diff')
  t:equal(e:lines(), { 'def two():', '    return 2', 'beta', 'gamma' })
  t:equal(code(e), { 'alpha', 'beta', 'gamma' })
  e:keys(':q<CR>')
  e:wait('the tab to be closed', 'return vim.fn.tabpagenr("$") == 1')
  t:equal(code(e), { 'alpha', 'beta', 'gamma' })
  t:equal(e:lua('return vim.fn.win_execute(vim.fn.bufwinid("code.lua"), "echo &diff")'), '\n0')
  e:keys(',d')
  e:wait('the comparison', 'return vim.fn.tabpagenr("$") == 2 and vim.wo.diff')
  e:lua([[
    _G.space = vim.api.nvim_create_namespace('test')
    _G.mark = vim.api.nvim_buf_set_extmark(vim.fn.bufnr('code.lua'), space, 2, 3, {})
  ]])
  e:keys('Goadded<Esc>:wq<CR>')
  e:wait('the tab to be closed', 'return vim.fn.tabpagenr("$") == 1')
  t:equal(code(e), { 'def two():', '    return 2', 'beta', 'gamma', 'added' })
  t:equal(
    e:lua([[
    return vim.api.nvim_buf_get_extmark_by_id(vim.fn.bufnr('code.lua'), space, mark, {})
  ]]),
    { 3, 3 }
  )
  e:keys('<C-w>pu')
  e:settle()
  t:equal(code(e), { 'alpha', 'beta', 'gamma' })
end

scenes['a comparison puts a changed function where it stands'] = function(t)
  local e = answered(t, '```lua\nfunction b()\n  local y = 22\n  return y\nend\n```')
  e:lua([[
    vim.api.nvim_buf_set_lines(vim.fn.bufnr('code.lua'), 0, -1, false, {
      'function a()', '  return 1', 'end', '', 'function b()', '  local y = 2', '  return y', 'end',
      '', 'function c()', 'end',
    })
  ]])
  e:keys(',d')
  e:wait('the comparison', 'return vim.fn.tabpagenr("$") == 2 and vim.wo.diff')
  t:equal(e:lines(), {
    'function a()',
    '  return 1',
    'end',
    '',
    'function b()',
    '  local y = 22',
    '  return y',
    'end',
    '',
    'function c()',
    'end',
  })
end

scenes['a comparison puts a block in place of the lines that its question attached'] = function(t)
  t:gateway(function(request)
    request:answer('```\nBETA\n```')
  end)
  t:write('project/code.lua', 'alpha\nbeta\ngamma\n')
  local e = chat.open(t, { file = 'code.lua' })
  chat.ask(e, 'shout #file:code.lua:2')
  chat.wait_end(e)
  e:keys('<C-w>pggV<Esc><C-w>p,d')
  e:wait('the comparison', 'return vim.fn.tabpagenr("$") == 2 and vim.wo.diff')
  t:equal(e:lines(), { 'alpha', 'BETA', 'gamma' })
end

scenes['a block finds its lines, or says that it has none'] = function(t)
  local e = t:editor()
  local file = {
    'import x',
    '',
    'def a():',
    '    return 1',
    '',
    'def b(n):',
    '    m = n',
    '    return m',
    '',
    'main()',
  }
  local function find(...)
    return e:lua([[return { require('dragoman.chat.align').find(...) }]], file, { ... })
  end
  t:equal(find('def b(n):', '    m = 2 * n', '    return m'), { 6, 8 })
  t:equal(find(unpack(file)), { 1, 10 })
  t:equal(find('import x', '', 'def a():', '    return 2', '', 'main()'), { 1, 10 })
  t:equal(find('something', 'else'), {})
  t:equal(find('    return m'), {}) -- one line alone ties nothing
  t:equal(find(), {})
end

scenes['a comparison takes over any change of lines'] = function(t)
  local texts = {
    {},
    { 'a' },
    { 'a', 'b', 'c' },
    { 'b' },
    { 'x', 'a', 'y', 'b', 'c', 'z' },
    { 'c', 'b', 'a' },
    { '', '' },
  }
  local e = t:editor()
  for _, from in ipairs(texts) do
    for _, to in ipairs(texts) do
      local got = e:lua(
        [[
        local from, to = ...
        local file = vim.api.nvim_create_buf(true, false)
        vim.api.nvim_buf_set_lines(file, 0, -1, false, from)
        require('dragoman.chat.apply').preview(file, to)
        vim.cmd('write')
        vim.cmd('tabonly')
        local wanted = #to == 0 and { '' } or to
        return { vim.api.nvim_buf_get_lines(file, 0, -1, false), wanted }
      ]],
        from,
        to
      )
      t:equal(got[1], got[2])
    end
  end
end

scenes['a comparison with a file that changed meanwhile is refused'] = function(t)
  local e = answered(t)
  t:expect_message('the file changed since')
  e:keys(',d')
  e:wait('the comparison', 'return vim.fn.tabpagenr("$") == 2 and vim.wo.diff')
  e:lua([[vim.api.nvim_buf_set_lines(vim.fn.bufnr('code.lua'), 0, 1, false, { 'changed' })]])
  e:keys(':w<CR>')
  e:settle()
  t:equal(code(e), { 'changed', 'beta', 'gamma' })
end

scenes['an answer without code says so'] = function(t)
  local e = answered(t, 'no code at all')
  t:expect_message('there is no code block here')
  e:keys(',y')
  e:settle()
  e:keys(',i')
  e:settle()
  t:equal(code(e), { 'alpha', 'beta', 'gamma' })
end

scenes['fences are those of CommonMark, at any indentation'] = function(t)
  local e = t:editor()
  local found = e:lua(
    [[
    local out = {}
    for _, block in ipairs(require('dragoman.chat.blocks').find(...)) do
      local text = table.concat(block.lines, '|')
      out[#out + 1] = { block.first, block.last, block.language, block.closed, text }
    end
    return out
  ]],
    {
      '````md',
      '```',
      'inner',
      '```',
      '````',
      '~~~ c++ title="x"',
      'a ~~~',
      '``` not a close',
      '~~~~',
      '``` `no` fence',
      '    ```js',
      '      x',
      '    ```',
      '```{.rust}',
      'open',
    }
  )
  t:equal(found, {
    { 1, 5, 'md', true, '```|inner|```' },
    { 6, 9, 'c++', true, 'a ~~~|``` not a close' },
    { 11, 13, 'js', true, '  x' },
    { 14, 15, '', false, 'open' },
  })
end

return scenes
