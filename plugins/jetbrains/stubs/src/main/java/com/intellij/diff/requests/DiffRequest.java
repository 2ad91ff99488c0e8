package com.intellij.diff.requests;

public abstract class DiffRequest implements com.intellij.openapi.util.UserDataHolder {
  public <T> T getUserData(com.intellij.openapi.util.Key<T> key) { throw new AssertionError(); }
  public <T> void putUserData(com.intellij.openapi.util.Key<T> key, T value) { throw new AssertionError(); }
}
