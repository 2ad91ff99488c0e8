package com.intellij.ui.content;

public interface ContentManager {
  void addContent(Content content);
  Content findContent(String displayName);
  boolean removeContent(Content content, boolean dispose);
  void setSelectedContent(Content content);
}
