package com.intellij.ide.util;

public abstract class PropertiesComponent {
  public static PropertiesComponent getInstance(com.intellij.openapi.project.Project project) { throw new AssertionError(); }
  public abstract String getValue(String name);
  public abstract void setValue(String name, String value);
}
