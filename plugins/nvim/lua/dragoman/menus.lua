--- Lists that one searches (conversations, models) in the picker that the person has: snacks, fzf-lua or telescope. Only
--- where vim.ui.select is still Neovim's own; who replaced it has chosen already.

local M = {}

---@alias dragoman.Select fun(items: any[], opts: table, on_choice: fun(item: any?, index: integer?))

---@param name string
---@return any? module
local function installed(name)
  local ok, module = pcall(require, name)
  return ok and module or nil
end

---@return dragoman.Select?
local function snacks()
  local module = installed('snacks')
  local picker = type(module) == 'table' and module.picker
  return type(picker) == 'table' and picker.select or nil
end

---@return dragoman.Select?
local function fzf_lua()
  local module = installed('fzf-lua.providers.ui_select')
  return type(module) == 'table' and module.ui_select or nil
end

---@return dragoman.Select?
local function telescope()
  local pickers = installed('telescope.pickers')
  if not pickers then
    return nil
  end
  local finders = require('telescope.finders')
  local values = require('telescope.config').values
  local actions = require('telescope.actions')
  local state = require('telescope.actions.state')
  return function(items, opts, on_choice)
    local answered = false
    local function answer(item, index)
      if not answered then
        answered = true
        vim.schedule(function()
          on_choice(item, index)
        end)
      end
    end
    local results = {}
    for index, item in ipairs(items) do
      results[index] = { item = item, index = index }
    end
    pickers
      .new({}, {
        prompt_title = opts.prompt,
        sorter = values.generic_sorter({}),
        finder = finders.new_table({
          results = results,
          entry_maker = function(entry)
            local text = opts.format_item and opts.format_item(entry.item) or tostring(entry.item)
            return { value = entry, display = text, ordinal = text }
          end,
        }),
        attach_mappings = function(prompt_bufnr)
          actions.select_default:replace(function()
            local entry = state.get_selected_entry()
            if entry then
              answer(entry.value.item, entry.value.index)
            end
            actions.close(prompt_bufnr)
          end)
          actions.close:enhance({
            post = function()
              answer(nil)
            end,
          })
          return true
        end,
      })
      :find()
  end
end

--- vim.ui.select is what Neovim brought along.
---@return boolean
local function is_plain()
  return debug.getinfo(vim.ui.select, 'S').source:match('vim/ui%.lua$') ~= nil
end

--- What shows a list to be searched.
---@return dragoman.Select
function M.search()
  return is_plain() and (snacks() or fzf_lua() or telescope()) or vim.ui.select
end

return M
