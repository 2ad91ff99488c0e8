package com.intellij.notification;

public interface NotificationGroupManager {
  static NotificationGroupManager getInstance() {
    return NotificationGroup::balloonGroup;
  }

  NotificationGroup getNotificationGroup(String id);
}
