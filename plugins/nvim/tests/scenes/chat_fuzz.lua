--- Chat under random treatment: whatever is cut where and whoever edits meanwhile, nothing breaks,
--- and reading again shows what the daemon has.

local chat = require('lib.chat')

local scenes = {}

--- A generator of its own, so that a failure comes back.
---@param seed integer
---@return fun(n: integer): integer 1 to n
local function random(seed)
  local state = seed
  return function(n)
    state = (state * 1103515245 + 12345) % 2147483648
    return math.floor(state / 65536) % n + 1
  end
end

local kParts = {
  'word ',
  'two words ',
  '\n',
  '\n\n',
  '## You\n',
  '> quote\n',
  '```lua\nx = 1\n```\n',
  '\r\n',
  '\r',
  'ä𝄞 ',
  '\27[31m',
  '\t',
  '- item\n',
  '~~~\n',
  '\0',
  '# vim: ft=c\n',
  '   ',
}

---@param next_random fun(n: integer): integer
---@param count integer
---@return string
local function text_of(next_random, count)
  local out = {}
  for i = 1, count do
    out[i] = kParts[next_random(#kParts)]
  end
  return table.concat(out)
end

--- `text` in random pieces that cut no character.
---@param next_random fun(n: integer): integer
---@param text string
---@return string[]
local function pieces_of(next_random, text)
  local chars = vim.fn.split((text:gsub('%z', '\1')), '\\zs')
  local out, i = {}, 1
  while i <= #chars do
    local size = next_random(6)
    out[#out + 1] = (table.concat(chars, '', i, math.min(#chars, i + size - 1)):gsub('\1', '\0'))
    i = i + size
  end
  return out
end

scenes['what was streamed looks as it does when it is read again, however it was cut'] = function(t)
  local gateway = t:gateway()
  local e = chat.open(t)
  local next_random = random(7)
  for round = 1, 6 do
    chat.ask(e, 'round ' .. round)
    local request = gateway:wait_request(round)
    if round % 2 == 0 then
      for _, piece in ipairs(pieces_of(next_random, text_of(next_random, 10) .. '.')) do
        request:reasoning(piece)
        if next_random(4) == 1 then
          e:settle()
        end
      end
    end
    for _, piece in ipairs(pieces_of(next_random, text_of(next_random, 30) .. '.')) do
      request:text(piece)
      if next_random(4) == 1 then
        e:settle()
      end
    end
    request:finish()
    t:equal(chat.wait_end(e, round).state, 'complete')
    local streamed = e:lines()
    local folds = e:lua('return vim.tbl_map(vim.fn.foldlevel, vim.fn.range(1, vim.fn.line("$")))')
    e:lua('vim.api.nvim_buf_set_var(0, "mark", #vim.api.nvim_buf_get_lines(0, 0, -1, false))')
    e:keys(':e!<CR>')
    e:wait(
      'the text to be read again',
      [[
      return vim.bo.modifiable and vim.api.nvim_buf_line_count(0) >= vim.b.mark
    ]]
    )
    t:equal(e:lines(), streamed, 'round ' .. round)
    t:equal(
      e:lua('return vim.tbl_map(vim.fn.foldlevel, vim.fn.range(1, vim.fn.line("$")))'),
      folds,
      'round ' .. round
    )
    e:keys('G')
    e:settle()
  end
end

scenes['random edits in mid-stream break nothing and lose no answer'] = function(t)
  local actions = {
    'u',
    '<C-r>',
    'ggdd',
    'Gdd',
    'ggVGd',
    'gg',
    'G',
    '10G',
    'Ostray<Esc>',
    'ostray<Esc>',
    'dap',
    'ggyGP',
    'xp',
    '>>',
    'gg]]dd',
    ':e!<CR>',
    'Ai am here',
    '<Esc>',
    'J',
    'zM',
    'zR',
    'zx',
    '<C-w>s',
    '<C-w>o',
    'ggVGJ',
    ':%s/o/0/e<CR>',
    'g-',
    'g+',
  }
  t:expect_message('E21:') -- while it is being read again
  t:expect_message('E37:')
  t:expect_message('E162:')
  for seed = 1, 6 do
    local gateway = t:gateway()
    local e = chat.open(t)
    local next_random = random(seed)
    chat.ask(e, 'first')
    gateway:wait_request(1):answer('an answer\nof two lines')
    chat.wait_end(e)
    e:keys('G')
    chat.ask(e, 'second')
    local request = gateway:wait_request(2)
    local whole = {}
    for _ = 1, 25 do
      local piece = ({ 'one ', 'two\n', '```\n', '\n' })[next_random(4)]
      whole[#whole + 1] = piece
      if next_random(5) == 1 then
        request:reasoning('hm\n')
      end
      request:text(piece)
      e:keys('<Esc>' .. actions[next_random(#actions)])
      e:settle()
    end
    request:finish()
    t:equal(chat.wait_end(e, 2).state, 'complete', 'seed ' .. seed)
    e:keys('<Esc>:e!<CR>')
    local answer = table.concat(whole)
    e:wait(
      'the answer to be read again',
      [[
      local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
      return vim.bo.modifiable and text:find(..., 1, true) ~= nil
    ]],
      (answer:gsub('%s+$', ''))
    )
    e:lua('vim.cmd("silent! only")')
    e:keys('G')
    e:settle()
    chat.type(e, ' third')
    e:keys('<CR>')
    gateway:wait_request(3):answer('still here')
    t:equal(chat.wait_end(e, 3).state, 'complete', 'seed ' .. seed)
  end
end

scenes['control characters become visible wherever a piece is cut'] = function(t)
  local e = t:editor()
  local raw = 'a\r\nb\rc\n\r\nd\27[0m\0\127\194\155é\r'
  local wanted = 'a\nb\nc\n\nd␛[0m␀␡�é\n'
  local wrong = e:lua(
    [[
    local raw, wanted = vim.base64.decode((...)), select(2, ...)
    local wrong = {}
    for i = 0, #raw do
      for j = i, #raw do
        local clean = require('dragoman.chat.text').cleaner()
        local got = clean(raw:sub(1, i)) .. clean(raw:sub(i + 1, j)) .. clean(raw:sub(j + 1))
        -- A cut inside of a character does not happen: the daemon sends whole ones.
        local inside = (raw:byte(i + 1) or 0) >= 128 and (raw:byte(i + 1) or 0) < 192
          or (raw:byte(j + 1) or 0) >= 128 and (raw:byte(j + 1) or 0) < 192
        if got ~= wanted and not inside then
          wrong[#wrong + 1] = { i, j, got }
        end
      end
    end
    return wrong
  ]],
    vim.base64.encode(raw),
    wanted
  )
  t:equal(wrong, {})
end

return scenes
