package com.intellij.openapi.components;

public interface ComponentManager extends com.intellij.openapi.util.UserDataHolder, com.intellij.openapi.Disposable {
  <T> T getService(Class<T> serviceClass);
  <T> T getServiceIfCreated(Class<T> serviceClass);
  boolean isDisposed();
}
