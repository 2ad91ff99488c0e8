package com.intellij.notification;

/** Not in the jars of these tests, which is why it is stood in for. */
public final class NotificationGroup {
  public Notification createNotification(String content, NotificationType type) {
    return new Notification(content);
  }
}
