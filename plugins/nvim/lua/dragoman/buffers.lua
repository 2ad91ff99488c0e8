--- Which buffers the daemon knows, and under which name. Neovim's LSP module opens, changes and
--- closes documents; this one adds what it leaves out: buffers without a name, renamed buffers, a
--- changed 'filetype', more than one project in one editor, and staying away from what is huge or
--- binary.

local M = {}

--- What marks the folder of a project.
M.root_markers = { '.dragoman.json', '.git', '.hg', '.jj' }

--- Every buffer without a name has the URI `file://`, so only the one used last is open at the
--- daemon.
local unnamed ---@type integer?

--- What is_binary() found, by buffer; forgotten with the file that was read.
local binary = {} ---@type table<integer, boolean>

---@param bufnr integer
---@return boolean
local function is_binary(bufnr)
  if vim.bo[bufnr].binary then
    return true
  end
  local known = binary[bufnr]
  if known == nil then
    local head = vim.api.nvim_buf_get_lines(bufnr, 0, 64, false)
    known = table.concat(head):find('\0', 1, true) ~= nil
    binary[bufnr] = known
  end
  return known
end

--- Bytes of the text.
---@param bufnr integer
---@return integer
function M.size(bufnr)
  return vim.api.nvim_buf_get_offset(bufnr, vim.api.nvim_buf_line_count(bufnr))
end

--- A loaded buffer that is a document and no window of a plugin, a terminal or a list.
---@param bufnr integer
---@return boolean
function M.is_document(bufnr)
  if not vim.api.nvim_buf_is_loaded(bufnr) then
    return false
  end
  if vim.startswith(vim.api.nvim_buf_get_name(bufnr), 'dragoman://') then
    return false -- a chat or a proposal of ours
  end
  local buftype = vim.bo[bufnr].buftype
  return buftype == '' or buftype == 'acwrite'
end

--- Is `bufnr` sent to the daemon by itself, without having been asked for?
---@param bufnr integer
---@return boolean
function M.is_automatic(bufnr)
  return M.is_document(bufnr)
    and vim.bo[bufnr].buftype == ''
    and M.size(bufnr) <= require('dragoman.config').get().ghost.max_bytes
    and not is_binary(bufnr)
end

--- The folder of the project that `bufnr` belongs to.
---@param bufnr? integer without it, the project of the current folder
---@return string?
function M.root(bufnr)
  if bufnr and vim.api.nvim_buf_is_valid(bufnr) and vim.api.nvim_buf_get_name(bufnr) ~= '' then
    return vim.fs.root(bufnr, M.root_markers)
  end
  return vim.fs.root(vim.fn.getcwd(), M.root_markers)
end

--- Tells the daemon of a project it has not heard of.
---@param client vim.lsp.Client
---@param root string?
local function add_folder(client, root)
  if not root then
    return
  end
  local folders = client.workspace_folders or {}
  for _, folder in ipairs(folders) do
    if folder.name == root then
      return
    end
  end
  local folder = { uri = vim.uri_from_fname(root), name = root }
  client.workspace_folders = vim.list_extend({}, folders)
  table.insert(client.workspace_folders, folder)
  require('dragoman.compat').call(
    client,
    'notify',
    'workspace/didChangeWorkspaceFolders',
    { event = { added = { folder }, removed = {} } }
  )
end

---@param client vim.lsp.Client
---@param bufnr integer
function M.detach(client, bufnr)
  if client.attached_buffers[bufnr] then
    vim.lsp.buf_detach_client(bufnr, client.id)
  end
  if unnamed == bufnr then
    unnamed = nil
  end
end

--- Opens `bufnr` at the daemon, unless it is no document.
---@param client vim.lsp.Client initialised
---@param bufnr integer
---@return boolean attached
function M.attach(client, bufnr)
  if not M.is_document(bufnr) then
    return false
  end
  if vim.api.nvim_buf_get_name(bufnr) == '' then
    if unnamed and unnamed ~= bufnr then
      M.detach(client, unnamed)
    end
    unnamed = bufnr
  end
  if client.attached_buffers[bufnr] then
    return true
  end
  add_folder(client, M.root(bufnr))
  vim.b[bufnr].dragoman_language = vim.bo[bufnr].filetype
  return vim.lsp.buf_attach_client(bufnr, client.id)
end

--- Tells the daemon which document is being looked at, so that it can read what a suggestion there
--- will need.
---@param client vim.lsp.Client
---@param bufnr integer
local function tell_focus(client, bufnr)
  local params = { textDocument = { uri = vim.uri_from_bufnr(bufnr) } }
  require('dragoman.compat').call(client, 'notify', 'textDocument/didFocus', params)
end

--- Opens what is visible, and follows the buffers of this editor from now on.
---@param attached fun(bufnr?: integer): vim.lsp.Client?
---@param ensure fun(bufnr: integer) starts the daemon where needed and attaches
function M.follow(attached, ensure)
  for _, win in ipairs(vim.api.nvim_list_wins()) do
    local bufnr = vim.api.nvim_win_get_buf(win)
    if vim.api.nvim_buf_get_name(bufnr) ~= '' and M.is_automatic(bufnr) then
      ensure(bufnr)
    end
  end
  local group = vim.api.nvim_create_augroup('dragoman.buffers', {})
  vim.api.nvim_create_autocmd({ 'BufEnter', 'InsertEnter' }, {
    group = group,
    callback = function(event)
      local client = attached(event.buf)
      local other_unnamed = event.buf ~= unnamed and vim.api.nvim_buf_get_name(event.buf) == ''
      if (not client or other_unnamed) and M.is_automatic(event.buf) then
        -- A file is read before its type is known; an empty new buffer may stay unused.
        if event.event == 'InsertEnter' or not other_unnamed then
          ensure(event.buf)
        end
      elseif client and event.event == 'BufEnter' then
        tell_focus(client, event.buf)
      end
    end,
  })
  vim.api.nvim_create_autocmd({ 'BufReadPost', 'BufWipeout' }, {
    group = group,
    callback = function(event)
      binary[event.buf] = nil
    end,
  })
  vim.api.nvim_create_autocmd('FileType', {
    group = group,
    callback = function(event)
      local client = attached(event.buf)
      if client and vim.b[event.buf].dragoman_language ~= event.match then
        M.detach(client, event.buf)
        M.attach(client, event.buf)
      end
    end,
  })
  -- The URI is made from the name at the moment it is needed: the old name has to be closed before
  -- it is lost.
  vim.api.nvim_create_autocmd({ 'BufFilePre', 'BufFilePost' }, {
    group = group,
    callback = function(event)
      if event.event == 'BufFilePre' then
        local client = attached(event.buf)
        if client then
          M.detach(client, event.buf)
          vim.b[event.buf].dragoman_renamed = true
        end
      elseif vim.b[event.buf].dragoman_renamed then
        vim.b[event.buf].dragoman_renamed = nil
        local client = attached()
        if client then
          M.attach(client, event.buf)
        end
      end
    end,
  })
end

return M
