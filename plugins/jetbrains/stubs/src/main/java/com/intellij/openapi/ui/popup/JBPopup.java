package com.intellij.openapi.ui.popup;

public interface JBPopup {
  void showCenteredInCurrentWindow(com.intellij.openapi.project.Project project);
  void showUnderneathOf(java.awt.Component component);
  void closeOk(java.awt.event.InputEvent event);
}
