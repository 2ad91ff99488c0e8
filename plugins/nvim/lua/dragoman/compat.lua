--- The one place that knows how Neovim's versions differ: 0.11 turned the functions of
--- vim.lsp.Client into methods and gave the string functions an encoding.

local M = {}

local has_methods = vim.fn.has('nvim-0.11') == 1

---@param client vim.lsp.Client
---@param name 'request'|'notify'|'cancel_request'|'stop'|'is_stopped'|'supports_method'
---@param ... any
---@return any ...
function M.call(client, name, ...)
  if has_methods then
    return client[name](client, ...)
  end
  return client[name](...)
end

--- Starts a client for `config` without a buffer, or takes the one that config.reuse_client()
--- agrees with.
---@param config vim.lsp.ClientConfig
---@return integer? id
function M.spawn(config)
  if has_methods then
    return vim.lsp.start(config, {
      attach = false,
      silent = true,
      reuse_client = config.reuse_client,
    })
  end
  return (vim.lsp.start_client(config))
end

--- LSP's column for byte `col` of `line`.
---@param line string
---@param col integer
---@param encoding 'utf-8'|'utf-16'|'utf-32'
---@return integer
function M.to_character(line, col, encoding)
  if encoding == 'utf-8' then
    return math.min(col, #line)
  elseif has_methods then
    return vim.str_utfindex(line, encoding, col, false)
  end
  local utf32, utf16 = vim.str_utfindex(line, math.min(col, #line))
  return encoding == 'utf-16' and utf16 or utf32
end

--- The byte of `line` at LSP's column `character`; its end when it is beyond.
---@param line string
---@param character integer
---@param encoding 'utf-8'|'utf-16'|'utf-32'
---@return integer
function M.to_byte(line, character, encoding)
  if encoding == 'utf-8' then
    return math.min(character, #line)
  elseif has_methods then
    return vim.str_byteindex(line, encoding, character, false)
  end
  local ok, byte = pcall(vim.str_byteindex, line, character, encoding == 'utf-16')
  return ok and byte or #line
end

return M
