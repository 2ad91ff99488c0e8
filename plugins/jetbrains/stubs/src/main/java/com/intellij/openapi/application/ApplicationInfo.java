package com.intellij.openapi.application;

public abstract class ApplicationInfo {
  public static ApplicationInfo getInstance() { throw new AssertionError(); }
  public abstract String getFullApplicationName();
  public abstract String getFullVersion();
}
