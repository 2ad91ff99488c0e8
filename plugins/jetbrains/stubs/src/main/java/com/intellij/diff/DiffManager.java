package com.intellij.diff;

public abstract class DiffManager {
  public static DiffManager getInstance() { throw new AssertionError(); }
  public abstract DiffRequestPanel createRequestPanel(com.intellij.openapi.project.Project project, com.intellij.openapi.Disposable parent, java.awt.Window window);
}
