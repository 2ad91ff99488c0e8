;;; emacs_init.el --- a bare Emacs with lsp-mode for the scenes  -*- lexical-binding: t -*-
;; $SCENE_SETUP is the file with README.md's lines.  C-c q saves everything, writes what was said to the
;; user into $SCENE_SAID, and ends.
(setq inhibit-startup-screen t make-backup-files nil auto-save-default nil create-lockfiles nil
      native-comp-jit-compilation nil             ; an Emacs beside the system has no compiler to call
      native-comp-enable-subr-trampolines nil
      ring-bell-function 'ignore)
(load "lsp-mode-autoloads" nil t)
(require 'lsp-mode)
(require 'lsp-inline-completion)
(setq lsp-auto-guess-root t
      lsp-client-packages nil                     ; none of the bundled servers
      lsp-keymap-prefix "C-c l"
      lsp-idle-delay 0.1
      lsp-inline-completion-idle-delay 0.1
      lsp-enable-snippet nil
      lsp-diagnostics-provider :none              ; flymake runs a compiler of its own
      lsp-completion-provider :none               ; Emacs's own menu
      lsp-headerline-breadcrumb-enable nil)
(load (getenv "SCENE_SETUP") nil t)
;; A terminal does not send C-<return>, the default key.
(lsp-inline-completion--define-key lsp-inline-completion-active-map (kbd "C-j") #'lsp-inline-completion-accept 'keep)
(global-set-key (kbd "C-c a") #'lsp-execute-code-action)
(global-set-key (kbd "C-c q")
                (lambda ()
                  (interactive)
                  (save-some-buffers t)
                  (with-current-buffer (messages-buffer)
                    (write-region nil nil (getenv "SCENE_SAID") nil 'silent))
                  (kill-emacs)))
(add-hook 'c++-mode-hook #'lsp)
