package com.intellij.openapi.application;

public interface Application extends com.intellij.openapi.components.ComponentManager {
  void invokeLater(Runnable runnable);
  void invokeLater(Runnable runnable, ModalityState state);
  void runWriteAction(Runnable action);
  boolean isDispatchThread();
  java.util.concurrent.Future<?> executeOnPooledThread(Runnable action);
}
