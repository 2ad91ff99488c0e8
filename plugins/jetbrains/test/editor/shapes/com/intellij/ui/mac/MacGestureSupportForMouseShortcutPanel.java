package com.intellij.ui.mac;

import com.intellij.openapi.keymap.impl.ui.MouseShortcutPanel;

public class MacGestureSupportForMouseShortcutPanel {
  public MacGestureSupportForMouseShortcutPanel(MouseShortcutPanel panel, Runnable run) {}
}
