--- Completion of `#` words in a question: as 'omnifunc' and 'completefunc', and by itself while
--- typing.

local context = require('dragoman.chat.context')
local conversation = require('dragoman.chat.conversation')

local M = {}

local kMost = 200 -- names in one list

---@param prefix string
---@param endings? table<string, true> of files; folders always count
---@return string[]
local function files(prefix, endings)
  local found = vim.fn.getcompletion(prefix, 'file', true)
  if endings then
    found = vim.tbl_filter(function(name)
      return name:sub(-1) == '/' or endings[(name:match('%.(%w+)$') or ''):lower()]
    end, found)
  end
  return found
end

---@return string[] names of open files
local function open_files()
  local names = {}
  for _, buf in ipairs(vim.api.nvim_list_bufs()) do
    local name = vim.api.nvim_buf_get_name(buf)
    if vim.bo[buf].buflisted and vim.bo[buf].buftype == '' and name ~= '' then
      names[#names + 1] = context.shown(name)
    end
  end
  return names
end

local kPictures = { png = true, jpg = true, jpeg = true, gif = true, webp = true }

--- What may follow `#kind:`.
---@type table<string, fun(prefix: string): string[]>
local arguments = {
  file = function(prefix)
    local names = open_files()
    return vim.list_extend(names, files(prefix))
  end,
  diagnostics = open_files,
  image = function(prefix)
    return files(prefix, kPictures)
  end,
  diff = function()
    return { 'staged' }
  end,
}

--- Completions of the `#` word that ends `before`.
---@param before string the line up to the cursor
---@return integer? start 0-based byte where the word begins; nil where there is none
---@return table[] items for complete()
function M.items(before)
  local at, kind, quote, argument = before:match('^.*()#(%a+):("?)([^"]*)$')
  if at and arguments[kind] and (quote ~= '' or not argument:find('%s')) then
    local items, seen = {}, {}
    for _, name in ipairs(arguments[kind](argument)) do
      if vim.startswith(name, argument) and not seen[name] and #items < kMost then
        seen[name] = true
        local word = context.word(kind, name)
        -- A folder is no end: its closing quote would stop the next step.
        word = name:sub(-1) == '/' and word:gsub('"$', '') or word
        items[#items + 1] = { word = word, abbr = name, menu = '#' .. kind }
      end
    end
    return at - 1, items
  end
  at, kind = before:match('^.*()#(%a*)$')
  if not at or not (at == 1 or before:sub(at - 1, at - 1):find('[%s%(]')) then
    return nil, {}
  end
  local items = {}
  for name, desc in vim.spairs(context.kinds) do
    if vim.startswith(name, kind) then
      items[#items + 1] = { word = '#' .. name, menu = desc }
    end
  end
  return at - 1, items
end

--- 'omnifunc' and 'completefunc'; see |complete-functions|.
---@param findstart integer
---@param base string
---@return integer|table
function M.omnifunc(findstart, base)
  if findstart == 1 then
    local before = vim.api.nvim_get_current_line():sub(1, vim.fn.col('.') - 1)
    local start = M.items(before)
    return start or -3
  end
  local _, items = M.items(base)
  return items
end

local restore ---@type string? 'completeopt' while our list is open

--- Opens the list behind a `#` word that has just been typed. Completion plugins that show
--- 'omnifunc' make this superfluous; `chat.trigger` switches it off.
function M.offer()
  if not require('dragoman.config').get().chat.trigger or vim.fn.pumvisible() == 1 then
    return
  end
  local before = vim.api.nvim_get_current_line():sub(1, vim.fn.col('.') - 1)
  if not before:find('#[^#]*$') then
    return
  end
  local one = conversation.of()
  local section = one and one.page:at(vim.fn.line('.') - 1)
  if not section or section.kind ~= 'question' then
    return
  end
  local start, items = M.items(before)
  if not start or #items == 0 or (#items == 1 and items[1].word == before:sub(start + 1)) then
    return
  end
  -- complete() would insert the first item at once under the default 'completeopt'.
  if not restore then
    restore = vim.o.completeopt
    vim.api.nvim_create_autocmd('CompleteDone', {
      once = true,
      callback = function()
        vim.o.completeopt, restore = restore, nil
      end,
    })
  end
  vim.o.completeopt = 'menuone,noinsert,noselect'
  vim.fn.complete(start + 1, items)
end

return M
