package com.intellij.notification;

/** Not in the jars of these tests, which is why it is stood in for. */
public enum NotificationType { IDE_UPDATE, INFORMATION, WARNING, ERROR }
