package com.intellij.openapi.actionSystem;

public abstract class ActionManager {
  public static ActionManager getInstance() { throw new AssertionError(); }
  public abstract AnAction getAction(String id);
}
