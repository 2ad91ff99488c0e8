package com.intellij.notification;

import com.intellij.openapi.actionSystem.AnAction;
import com.intellij.openapi.actionSystem.AnActionEvent;

/** Not in the jars of these tests, which is why it is stood in for. */
public final class NotificationAction extends AnAction {
  public final String text;

  private NotificationAction(String text) {
    this.text = text;
  }

  public static NotificationAction createSimpleExpiring(String text, Runnable performAction) {
    return new NotificationAction(text);
  }

  @Override
  public void actionPerformed(AnActionEvent event) {
    throw new UnsupportedOperationException("nothing in these tests presses it");
  }
}
