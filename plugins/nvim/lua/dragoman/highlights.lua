--- The plugin's highlight groups. Each is linked to the first standard group of its list that
--- exists, unless the user or a colour scheme has defined it.

local M = {}

---@class dragoman.HighlightGroup
---@field link string[]
---@field desc string

---@type table<string, dragoman.HighlightGroup>
M.groups = {
  DragomanGhost = { link = { 'ComplHint', 'Comment' }, desc = 'a suggestion' },
  DragomanChatQuestion = { link = { 'Title' }, desc = 'heading of a question' },
  DragomanChatAnswer = { link = { 'Title' }, desc = 'heading of an answer' },
  DragomanChatUsage = { link = { 'Comment' }, desc = 'what it used and cost' },
  DragomanChatNote = { link = { 'DiagnosticInfo' }, desc = 'what happened meanwhile' },
  DragomanChatHint = { link = { 'Comment' }, desc = 'what to do next' },
  DragomanChatError = { link = { 'DiagnosticError' }, desc = 'why it broke off' },
  DragomanGhostHint = { link = { 'ComplHintMore', 'NonText' }, desc = 'which of several' },
  DragomanEditAdded = { link = { 'DiffAdd' }, desc = 'a line that an edit would add' },
  DragomanEditRemoved = { link = { 'DiffDelete' }, desc = 'a line that it would take away' },
  DragomanEditPending = { link = { 'CursorLine' }, desc = 'lines that the model is working on' },
  DragomanEditHint = { link = { 'Comment' }, desc = 'the keys of an edit' },
  DragomanSheetHeader = { link = { 'Title' }, desc = 'the header of a table' },
  DragomanSheetMark = { link = { 'Special' }, desc = 'a row that stands out' },
  DragomanSheetNote = { link = { 'Comment' }, desc = 'a remark below a table' },
  DragomanSheetError = { link = { 'DiagnosticError' }, desc = 'what failed, below a table' },
}

--- Defines the groups. In a terminal of 16 colours a standard group may look like any other text;
--- then only its colour on the screen is taken from there, and dark grey stands for it in the
--- terminal.
local function define()
  for name, group in pairs(M.groups) do
    for _, standard in ipairs(group.link) do
      local look = vim.api.nvim_get_hl(0, { name = standard, link = false })
      if next(look) then
        if look.ctermfg or look.ctermbg or look.cterm then
          vim.api.nvim_set_hl(0, name, { link = standard, default = true })
        else
          vim.api.nvim_set_hl(0, name, {
            fg = look.fg,
            bg = look.bg,
            italic = look.italic,
            bold = look.bold,
            ctermfg = 8,
            default = true,
          })
        end
        break
      end
    end
  end
end

local defined = false

--- Defines the groups now and with every colour scheme. Whoever draws calls it first; again is
--- free.
function M.setup()
  if defined then
    return
  end
  defined = true
  define()
  vim.api.nvim_create_autocmd('ColorScheme', {
    group = vim.api.nvim_create_augroup('dragoman.highlights', {}),
    callback = define,
  })
end

return M
