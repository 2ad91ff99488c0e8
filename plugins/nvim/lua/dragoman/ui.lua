--- Everything that is said to and asked from the person, through vim.notify and vim.ui so that any
--- replacement of those takes part. Nothing here blocks: answers come by callback, and a closed
--- question counts as no answer.

local M = {}

---@param message string
---@param level integer
local function notify(message, level)
  local function say()
    vim.notify(message, level, { title = 'dragoman' })
  end
  if vim.in_fast_event() then
    vim.schedule(say)
  else
    say()
  end
end

---@param message string
function M.info(message)
  notify('dragoman: ' .. message, vim.log.levels.INFO)
end

---@param message string
function M.warn(message)
  notify('dragoman: ' .. message, vim.log.levels.WARN)
end

---@param message string
function M.error(message)
  notify('dragoman: ' .. message, vim.log.levels.ERROR)
end

--- One or two sentences for an error of a request: what happened, and what to do next where that is
--- known.
---@param err dragoman.Error|string
---@return string
function M.describe(err)
  if type(err) == 'string' then
    return err
  end
  local text = err.message or 'the request failed'
  local hint = type(err.data) == 'table' and err.data.hint
  if type(hint) == 'string' and hint ~= '' then
    text = ('%s%s %s'):format(text, text:match('[.!?]$') and '' or '.', hint)
  end
  return text
end

--- Tells an error of a request. Cancelling is not an error.
---@param err dragoman.Error|string
function M.failed(err)
  if type(err) == 'table' and (err.code == -32800 or err.code == -32802) then
    return
  end
  M.error(M.describe(err))
end

---@generic T
---@param items T[]
---@param opts {prompt: string, format_item?: fun(item: T): string, kind?: string}
---@param on_choice fun(item: T?, index: integer?)
function M.select(items, opts, on_choice)
  opts.kind = opts.kind or 'dragoman'
  vim.ui.select(items, opts, on_choice)
end

--- As select(), for a list that may be long: with the picker that is installed.
---@generic T
---@param items T[]
---@param opts {prompt: string, format_item?: fun(item: T): string, kind?: string}
---@param on_choice fun(item: T?, index: integer?)
function M.search(items, opts, on_choice)
  opts.kind = opts.kind or 'dragoman'
  require('dragoman.menus').search()(items, opts, on_choice)
end

---@param opts {prompt: string, default?: string, completion?: string}
---@param on_confirm fun(text: string?)
function M.input(opts, on_confirm)
  vim.ui.input(opts, on_confirm)
end

--- A question whose answer is yes or no; closing it says no.
---@param question string
---@param on_answer fun(yes: boolean)
function M.confirm(question, on_answer)
  M.select({ 'Yes', 'No' }, { prompt = question }, function(choice)
    on_answer(choice == 'Yes')
  end)
end

local levels = {
  vim.log.levels.ERROR,
  vim.log.levels.WARN,
  vim.log.levels.INFO,
  vim.log.levels.INFO,
  vim.log.levels.DEBUG,
}

--- `window/showMessage`
---@type lsp.Handler
function M.on_show_message(_, params)
  notify('dragoman: ' .. params.message, levels[params.type] or vim.log.levels.INFO)
end

--- Calls back when the person is not in the middle of typing: a question that opens then would take
--- the next keys for its answer.
---@param cb fun()
function M.when_idle(cb)
  if vim.api.nvim_get_mode().mode == 'n' then
    return cb()
  end
  vim.api.nvim_create_autocmd('ModeChanged', {
    pattern = '*:n',
    once = true,
    callback = vim.schedule_wrap(cb),
  })
end

--- `window/showMessageRequest`: Neovim runs handlers of server requests in a coroutine and sends
--- what they return, so the answer may take its time without blocking anything.
---@type lsp.Handler
function M.on_show_message_request(_, params)
  local actions = params.actions or {}
  if #actions == 0 then
    M.on_show_message(nil, params)
    return vim.NIL
  end
  local co, is_main = coroutine.running()
  if not co or is_main then
    return vim.NIL
  end
  local answered, answer, waiting = false, nil, false
  local function on_choice(action)
    if answered then
      return
    end
    answered, answer = true, action
    if waiting then
      coroutine.resume(co)
    end
  end
  M.when_idle(function()
    M.select(actions, {
      prompt = params.message,
      kind = 'dragoman.question',
      format_item = function(action)
        return action.title
      end,
    }, on_choice)
  end)
  if not answered then
    waiting = true
    coroutine.yield()
  end
  return answer or vim.NIL
end

return M
