package com.intellij.notification;

public abstract class NotificationAction extends com.intellij.openapi.actionSystem.AnAction {
  public static NotificationAction createSimple(String text, Runnable performAction) { throw new AssertionError(); }
  public static NotificationAction createSimpleExpiring(String text, Runnable performAction) { throw new AssertionError(); }
}
