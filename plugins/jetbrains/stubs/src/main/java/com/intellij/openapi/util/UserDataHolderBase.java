package com.intellij.openapi.util;

public class UserDataHolderBase implements UserDataHolderEx {
  @Override public <T> T getUserData(Key<T> key) { throw new AssertionError(); }
  @Override public <T> void putUserData(Key<T> key, T value) { throw new AssertionError(); }
}
