--- What a question attaches: words like `#file:src/a.lua` in its text, and the items that
--- `dragoman/chat/send` gets for them. The words stay in the text, so that the model reads what
--- each item is, and asking again attaches the same.
---
--- A word counts where it stands by itself and outside of code; `\#file` is only text.

local blocks = require('dragoman.chat.blocks')

local M = {}

local kMostImageBytes = 20 * 1024 * 1024

---@type table<string, string> by the ending of the name
local kImages = {
  png = 'image/png',
  jpg = 'image/jpeg',
  jpeg = 'image/jpeg',
  gif = 'image/gif',
  webp = 'image/webp',
}

---@class dragoman.chat.Word
---@field kind string
---@field argument? string
---@field lines? {[1]: integer, [2]: integer} 1-based, of `#file:name:10-20`
---@field text string as it is written
---@field row integer 1-based line of the text
---@field first integer 1-based byte
---@field last integer

---@class dragoman.chat.Surroundings
---@field source? integer the buffer that `#file`, `#selection` and `#diagnostics` mean
---@field before? table[] what this question attached when it was last sent
---@field cwd? string

---@type table<string, string> the kinds, and what they attach
M.kinds = {
  file = 'a file; alone, the one beside the chat. `#file:name:10-20` is lines of it',
  selection = 'what was last selected in the file beside the chat',
  diagnostics = 'the problems reported for a file',
  diff = 'what changed since the last commit; `#diff:staged` is what is staged',
  image = 'a picture for models that see: `#image:name.png`',
}

--- Splits `name:10-20`.
---@param argument string
---@return string name
---@return {[1]: integer, [2]: integer}?
local function split_lines(argument)
  local name, first, last = argument:match('^(.-):(%d+)%-(%d+)$')
  if not name then
    name, first = argument:match('^(.-):(%d+)$')
    last = first
  end
  if not name or name == '' then
    return argument
  end
  local from, to = tonumber(first), tonumber(last)
  return name, { math.min(from, to), math.max(from, to) }
end

--- The words in a line.
---@param line string
---@return dragoman.chat.Word[]
function M.words_of(line)
  local out, at = {}, 1
  while true do
    local first, after, kind = line:find('#(%a+)', at)
    if not first then
      return out
    end
    at = after + 1
    local free = first == 1 or line:sub(first - 1, first - 1):find('[%s%(]')
    if free and M.kinds[kind] then
      local last, argument = after, nil
      local rest = line:sub(after + 1)
      local quoted = rest:match('^:"([^"]+)"')
      local plain = rest:match('^:([^%s"][^%s]*)')
      if quoted then
        argument, last = quoted, after + #quoted + 3
        local lines = line:sub(last + 1):match('^:%d+%-?%d*')
        if lines then
          argument, last = argument .. lines, last + #lines
        end
      elseif plain then
        plain = plain:gsub('[%.,;:!%?%)]+$', '')
        argument = plain ~= '' and plain or nil
        last = argument and after + #plain + 1 or after
      end
      if argument or not line:sub(after + 1, after + 1):find('[%w_%-]') then
        local word = { kind = kind, text = line:sub(first, last), first = first, last = last }
        if argument and kind == 'file' then
          word.argument, word.lines = split_lines(argument)
        else
          word.argument = argument
        end
        out[#out + 1] = word
        at = last + 1
      end
    end
  end
end

--- The words of a question, in order; code holds none.
---@param text string
---@return dragoman.chat.Word[]
function M.words(text)
  local lines = vim.split(text, '\n', { plain = true })
  local is_code = {}
  for _, block in ipairs(blocks.find(lines)) do
    for i = block.first, block.last do
      is_code[i] = true
    end
  end
  local out = {}
  for row, line in ipairs(lines) do
    if not is_code[row] then
      for _, word in ipairs(M.words_of(line)) do
        word.row = row
        out[#out + 1] = word
      end
    end
  end
  return out
end

--- How a word for `name` is written.
---@param kind string
---@param name string
---@param lines? {[1]: integer, [2]: integer}
---@return string
function M.word(kind, name, lines)
  local shown = name:find('[%s"]') and '"' .. name .. '"' or name
  return ('#%s:%s%s'):format(kind, shown, lines and (':%d-%d'):format(lines[1], lines[2]) or '')
end

---@param name string
---@param cwd? string
---@return string
local function absolute(name, cwd)
  name = vim.fs.normalize(name)
  if name:find('^/') or name:find('^%a:/') then
    return name
  end
  return vim.fs.normalize((cwd or vim.fn.getcwd()) .. '/' .. name)
end

--- The name of `path` as a person writes it: below the current folder where it is there.
---@param path string
---@return string
function M.shown(path)
  return vim.fn.fnamemodify(path, ':.')
end

---@param buf? integer
---@return string? uri
local function uri_of(buf)
  local name = buf and vim.api.nvim_buf_get_name(buf) or ''
  return name ~= '' and vim.uri_from_fname(name) or nil
end

---@param first integer 0-based
---@param behind integer 0-based line behind the last one
local function whole_lines(first, behind)
  return { start = { line = first, character = 0 }, ['end'] = { line = behind, character = 0 } }
end

--- Words that mean what is beside the chat, and the kinds of items they became.
---@type table<string, table<string, true>>
local kMeant = {
  file = { file = true, text = true },
  selection = { range = true, text = true },
}

--- An item of an earlier question of the same kind, in the order they were attached.
---@param word dragoman.chat.Word
---@param around dragoman.chat.Surroundings
---@param position integer of the word among all
---@param count integer
---@return table?
local function earlier(word, around, position, count)
  local before = around.before
  local item = before and #before == count and before[position]
  local kinds = kMeant[word.kind]
  return item and kinds and kinds[item.kind] and item or nil
end

local resolvers = {}

function resolvers.file(word, around)
  local path
  if word.argument then
    path = absolute(word.argument, around.cwd)
    local found = vim.uv.fs_stat(path)
    if found and found.type == 'directory' then
      return nil, ('%s is a folder; attach a file'):format(word.argument)
    end
  end
  local uri = path and vim.uri_from_fname(path) or uri_of(around.source)
  if not uri then
    return M.unnamed(around.source, 'there is no file beside the chat; name one: #file:name')
  end
  if not word.lines then
    return { kind = 'file', uri = uri }
  end
  return { kind = 'range', uri = uri, range = whole_lines(word.lines[1] - 1, word.lines[2]) }
end

function resolvers.selection(_, around)
  local range, why = M.selection(around.source)
  if not range then
    return nil, why
  end
  local uri = uri_of(around.source)
  if not uri then
    local lines = vim.api.nvim_buf_get_text(
      around.source,
      range.first,
      range.col,
      range.last,
      range.end_col,
      {}
    )
    return { kind = 'text', text = table.concat(lines, '\n'), label = 'Selection' }
  end
  return { kind = 'range', uri = uri, range = M.lsp_range(around.source, range) }
end

function resolvers.diagnostics(word, around)
  local buf = around.source
  if word.argument then
    buf = vim.fn.bufnr(absolute(word.argument, around.cwd))
    if buf == -1 then
      local why = '%s is not open, so that nothing is known about its problems'
      return nil, why:format(word.argument)
    end
  end
  local uri = uri_of(buf)
  if not uri then
    return nil, 'there is no file beside the chat; name one: #diagnostics:name'
  end
  local list = {}
  for _, one in ipairs(vim.diagnostic.get(buf)) do
    list[#list + 1] = {
      range = {
        start = { line = one.lnum, character = one.col },
        ['end'] = { line = one.end_lnum or one.lnum, character = one.end_col or one.col },
      },
      severity = one.severity,
      message = one.message,
      source = one.source,
      code = (type(one.code) == 'string' or type(one.code) == 'number') and one.code or nil,
    }
  end
  if #list == 0 then
    return nil, ('no problems are reported for %s'):format(M.shown(vim.uri_to_fname(uri)))
  end
  return { kind = 'diagnostics', uri = uri, diagnostics = list }
end

function resolvers.diff(word)
  if word.argument and word.argument ~= 'staged' then
    return nil, ('%s is unknown; there are #diff and #diff:staged'):format(word.text)
  end
  return { kind = 'gitDiff', staged = word.argument == 'staged' }
end

function resolvers.image(word, around)
  local name = word.argument
  if not name then
    return nil, 'name the picture: #image:name.png'
  end
  local mime = kImages[(name:match('%.(%w+)$') or ''):lower()]
  if not mime then
    return nil, ('%s is no picture that models take; they take png, jpg, gif and webp'):format(name)
  end
  local path = absolute(name, around.cwd)
  local stat = vim.uv.fs_stat(path)
  if not stat or stat.type ~= 'file' then
    return nil, ('%s does not exist'):format(name)
  elseif stat.size > kMostImageBytes then
    return nil, ('%s is larger than 20 MiB'):format(name)
  end
  local file, why = io.open(path, 'rb')
  if not file then
    return nil, ('%s cannot be read: %s'):format(name, why)
  end
  local bytes = file:read('*a')
  file:close()
  return { kind = 'image', mimeType = mime, data = vim.base64.encode(bytes) }
end

--- The text of a buffer without a name, which no URI could say.
---@param buf? integer
---@param otherwise string
---@return table? item
---@return string? why there is none
function M.unnamed(buf, otherwise)
  if not buf then
    return nil, otherwise
  end
  local lines = vim.api.nvim_buf_get_lines(buf, 0, -1, false)
  return { kind = 'text', text = table.concat(lines, '\n'), label = 'Unnamed buffer' }
end

---@class dragoman.chat.Selection 0-based, the end is behind the last byte
---@field first integer
---@field col integer
---@field last integer
---@field end_col integer
---@field linewise boolean

--- What was last selected in a buffer.
---@param buf? integer
---@return dragoman.chat.Selection?
---@return string? why there is none
function M.selection(buf)
  if not buf then
    return nil, 'there is no file beside the chat that something could be selected in'
  end
  local from, to = vim.api.nvim_buf_get_mark(buf, '<'), vim.api.nvim_buf_get_mark(buf, '>')
  local count = vim.api.nvim_buf_line_count(buf)
  if from[1] == 0 or to[1] == 0 or from[1] > count then
    return nil, 'nothing was selected in the file beside the chat'
  end
  local last = math.min(to[1], count) - 1
  local line = vim.api.nvim_buf_get_lines(buf, last, last + 1, false)[1] or ''
  local mode = vim.api.nvim_buf_call(buf, vim.fn.visualmode)
  if mode ~= 'v' or to[2] >= #line then
    local linewise = mode ~= 'v'
    return {
      first = from[1] - 1,
      col = linewise and 0 or from[2],
      last = last,
      end_col = #line,
      linewise = linewise,
    }
  end
  -- The mark stands on the first byte of the last character.
  local width = #vim.fn.strpart(line, to[2], 1, true)
  return {
    first = from[1] - 1,
    col = from[2],
    last = last,
    end_col = to[2] + width,
    linewise = false,
  }
end

--- In the units of the daemon.
---@param buf integer
---@param range dragoman.chat.Selection
---@return lsp.Range
function M.lsp_range(buf, range)
  if range.linewise then
    return whole_lines(range.first, range.last + 1)
  end
  local running = require('dragoman.client').attached()
  local encoding = running and running.offset_encoding or 'utf-8'
  local function units(row, col)
    local line = vim.api.nvim_buf_get_lines(buf, row, row + 1, false)[1] or ''
    if encoding == 'utf-8' then
      return col
    end
    local utf32, utf16 = vim.str_utfindex(line, math.min(col, #line))
    return encoding == 'utf-16' and utf16 or utf32
  end
  return {
    start = { line = range.first, character = units(range.first, range.col) },
    ['end'] = { line = range.last, character = units(range.last, range.end_col) },
  }
end

--- The items of a question's words.
---@param text string
---@param around dragoman.chat.Surroundings
---@return table[]? items
---@return string? why there are none: the first word that cannot be attached, and the cure
function M.resolve(text, around)
  local words = M.words(text)
  local items = {}
  for i, word in ipairs(words) do
    local item, why
    if not word.argument and word.kind ~= 'diagnostics' then
      item = earlier(word, around, i, #words)
    end
    if not item then
      item, why = resolvers[word.kind](word, around)
    end
    if not item then
      return nil, ('%s: %s'):format(word.text, why)
    end
    items[#items + 1] = item
  end
  return items
end

return M
