-- The daemon's entry for |vim.lsp.config| (Neovim 0.11 and newer). The plugin starts it by itself;
-- what a user writes into vim.lsp.config('dragoman', {...}) counts there too.
return require('dragoman.client').lsp_config()
