package com.intellij.notification;

public class Notification {
  public Notification addAction(com.intellij.openapi.actionSystem.AnAction action) { throw new AssertionError(); }
  public void notify(com.intellij.openapi.project.Project project) { throw new AssertionError(); }
  public com.intellij.openapi.ui.popup.Balloon getBalloon() { throw new AssertionError(); }
  public void expire() { throw new AssertionError(); }
  public Notification whenExpired(Runnable whenExpired) { throw new AssertionError(); }
}
