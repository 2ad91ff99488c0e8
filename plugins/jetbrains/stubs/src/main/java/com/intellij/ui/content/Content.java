package com.intellij.ui.content;

public interface Content {
  void setDisposer(com.intellij.openapi.Disposable disposer);
  void setPreferredFocusableComponent(javax.swing.JComponent component);
  void setCloseable(boolean closeable);
  void setDisplayName(String name);
}
