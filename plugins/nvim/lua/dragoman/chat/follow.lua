--- Windows of a chat while its text grows: who follows the end, and how far a window scrolls for
--- it.

local api = vim.api

local M = {}

--- The windows of this tab that follow the end: their cursor is not above the line that is being
--- written.
---@param buf integer
---@param row integer 0-based
---@return integer[]
function M.followers(buf, row)
  local here = api.nvim_get_current_tabpage()
  return vim.tbl_filter(function(win)
    return api.nvim_win_get_tabpage(win) == here and api.nvim_win_get_cursor(win)[1] - 1 >= row
  end, vim.fn.win_findbuf(buf))
end

--- Scrolls `win` so far that its cursor is on its last line, if it would be below.
---@param win integer
function M.show_cursor(win)
  local cursor = api.nvim_win_get_cursor(win)[1]
  local view = api.nvim_win_call(win, vim.fn.winsaveview)
  local room = api.nvim_win_get_height(win)
  if cursor < view.topline then
    return
  end
  local function height(first)
    return api.nvim_win_text_height(win, { start_row = first - 1, end_row = cursor - 1 }).all
  end
  if cursor - view.topline < room and height(view.topline) <= room then
    return
  end
  local top, low = cursor, math.max(1, cursor - room)
  while top > low and height(top - 1) <= room do
    top = top - 1
  end
  api.nvim_win_call(win, function()
    vim.fn.winrestview({ topline = top, topfill = 0, skipcol = 0 })
  end)
end

--- Has the folds of every window of `buf` evaluated anew.
---@param buf integer
function M.refold(buf)
  for _, win in ipairs(vim.fn.win_findbuf(buf)) do
    if vim.wo[win].foldmethod == 'expr' then
      vim.wo[win][0].foldmethod = 'expr'
    end
  end
end

return M
