package com.intellij.openapi.command;

public abstract class CommandProcessor {
  public static CommandProcessor getInstance() { throw new AssertionError(); }
  public abstract void executeCommand(com.intellij.openapi.project.Project project, Runnable runnable, String name, Object groupId);
  public abstract void runUndoTransparentAction(Runnable action);
}
