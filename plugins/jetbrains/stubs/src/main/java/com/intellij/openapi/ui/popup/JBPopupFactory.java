package com.intellij.openapi.ui.popup;

public abstract class JBPopupFactory {
  public static JBPopupFactory getInstance() { throw new AssertionError(); }
  public abstract <T> IPopupChooserBuilder<T> createPopupChooserBuilder(java.util.List<? extends T> list);
  public abstract ComponentPopupBuilder createComponentPopupBuilder(javax.swing.JComponent content, javax.swing.JComponent preferableFocusComponent);
}
