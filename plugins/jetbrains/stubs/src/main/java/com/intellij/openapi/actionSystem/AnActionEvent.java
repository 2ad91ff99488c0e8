package com.intellij.openapi.actionSystem;

public class AnActionEvent {
  private AnActionEvent() {}
  public <T> T getData(DataKey<T> key) { throw new AssertionError(); }
  public com.intellij.openapi.project.Project getProject() { throw new AssertionError(); }
  public Presentation getPresentation() { throw new AssertionError(); }
}
