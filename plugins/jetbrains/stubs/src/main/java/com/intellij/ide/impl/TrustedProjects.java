package com.intellij.ide.impl;

public final class TrustedProjects {
  private TrustedProjects() {}
  public static boolean isTrusted(com.intellij.openapi.project.Project project) { throw new AssertionError(); }
}
