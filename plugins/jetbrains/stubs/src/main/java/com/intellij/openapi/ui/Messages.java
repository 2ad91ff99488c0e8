package com.intellij.openapi.ui;

public class Messages {
  public static String showInputDialog(com.intellij.openapi.project.Project project, String message, String title, javax.swing.Icon icon, String initialValue, InputValidator validator) { throw new AssertionError(); }
}
