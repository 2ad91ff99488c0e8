package com.intellij.openapi.editor;

public interface ScrollingModel {
  void scrollToCaret(ScrollType scrollType);
}
