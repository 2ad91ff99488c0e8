package com.intellij.openapi.options;

public interface Configurable {
  String getDisplayName();
  javax.swing.JComponent createComponent();
  boolean isModified();
  void apply() throws ConfigurationException;
  default void reset() { throw new AssertionError(); }
  default void disposeUIResources() { throw new AssertionError(); }
}
