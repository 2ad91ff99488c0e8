package com.intellij.openapi.actionSystem;

public class Presentation {
  public void setEnabled(boolean enabled) { throw new AssertionError(); }
  public void setEnabledAndVisible(boolean enabled) { throw new AssertionError(); }
}
