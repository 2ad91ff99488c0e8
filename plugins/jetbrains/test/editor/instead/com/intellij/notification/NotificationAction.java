package com.intellij.notification;

import com.intellij.openapi.actionSystem.AnAction;
import com.intellij.openapi.actionSystem.AnActionEvent;

public abstract class NotificationAction extends AnAction {
  protected NotificationAction(String text) {
    super(text);
  }

  public abstract void actionPerformed(AnActionEvent event, Notification notification);

  @Override
  public void actionPerformed(AnActionEvent event) {
    actionPerformed(event, Notification.get(event));
  }

  public static NotificationAction createSimple(String text, Runnable performed) {
    return new NotificationAction(text) {
      @Override
      public void actionPerformed(AnActionEvent event, Notification notification) {
        performed.run();
      }
    };
  }

  public static NotificationAction createSimpleExpiring(String text, Runnable performed) {
    return new NotificationAction(text) {
      @Override
      public void actionPerformed(AnActionEvent event, Notification notification) {
        notification.expire();
        performed.run();
      }
    };
  }
}
