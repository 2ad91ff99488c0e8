package com.intellij.diff;

public interface DiffRequestPanel {
  void setRequest(com.intellij.diff.requests.DiffRequest request);
  javax.swing.JComponent getComponent();
  javax.swing.JComponent getPreferredFocusedComponent();
}
