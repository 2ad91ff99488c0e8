package com.intellij.openapi.progress;

public abstract class Task {
  public abstract void run(ProgressIndicator indicator);

  public abstract static class Backgroundable extends Task {
    public Backgroundable(com.intellij.openapi.project.Project project, String title, boolean canBeCancelled) {}
  }
}
