package com.intellij.ui.content;

public interface ContentFactory {
  static ContentFactory getInstance() { throw new AssertionError(); }
  Content createContent(javax.swing.JComponent component, String displayName, boolean isLockable);
}
