package com.intellij.openapi.progress;

public interface ProgressIndicator {
  boolean isCanceled();
  void setText2(String text);
  void setIndeterminate(boolean indeterminate);
}
