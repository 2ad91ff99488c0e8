--- What scenes of the ghost text share: an editor at a place where a suggestion is wanted.

local M = {}

--- An editor in a Python file at a gateway that says `answer`, in Insert mode at the end of the
--- second line.
---@param answer string|fun(request: test.Request)
function M.in_function(t, answer, opts)
  opts = opts or {}
  local gateway = t:gateway(type(answer) == 'function' and answer or function(request)
    request:answer(#t.gateways[1].requests == 1 and answer or '')
  end, opts.config)
  t:write('project/a.py', opts.text or 'def add(a, b):\n    \n')
  local e = t:editor(vim.tbl_extend('keep', opts, { file = 'a.py' }))
  e:wait('the buffer to be open', [[return require('dragoman.client').attached(0) ~= nil]])
  if not opts.stay then
    e:keys('jA')
    e:wait('Insert mode', [[return vim.api.nvim_get_mode().mode == 'i']])
  end
  return e, gateway
end

return M
