package com.intellij.notification;

/** Not in the jars of these tests, which is why it is stood in for. */
public interface NotificationGroupManager {
  static NotificationGroupManager getInstance() {
    return group -> new NotificationGroup();
  }

  NotificationGroup getNotificationGroup(String groupId);
}
