package com.intellij.openapi.wm;

public interface ToolWindow {
  com.intellij.ui.content.ContentManager getContentManager();
  void activate(Runnable runnable);
  void setTitleActions(java.util.List<? extends com.intellij.openapi.actionSystem.AnAction> actions);
}
