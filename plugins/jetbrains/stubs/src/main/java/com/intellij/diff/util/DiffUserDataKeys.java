package com.intellij.diff.util;

public interface DiffUserDataKeys {
  com.intellij.openapi.util.Key<Boolean> FORCE_READ_ONLY = com.intellij.openapi.util.Key.create("stub");
}
