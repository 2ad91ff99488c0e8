package com.intellij;

public class DynamicBundle {
  public DynamicBundle(Class<?> bundleClass, String pathToBundle) { throw new AssertionError(); }
  public static java.util.Locale getLocale() { throw new AssertionError(); }
  public String getMessage(String key, Object... params) { throw new AssertionError(); }
}
