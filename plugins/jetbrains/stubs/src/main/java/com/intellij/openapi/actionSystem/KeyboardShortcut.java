package com.intellij.openapi.actionSystem;

public final class KeyboardShortcut extends Shortcut {
  private KeyboardShortcut() {}
  public javax.swing.KeyStroke getFirstKeyStroke() { throw new AssertionError(); }
  public javax.swing.KeyStroke getSecondKeyStroke() { throw new AssertionError(); }
}
