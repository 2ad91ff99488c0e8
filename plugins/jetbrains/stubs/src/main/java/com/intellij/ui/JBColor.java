package com.intellij.ui;

public class JBColor extends java.awt.Color {
  private static final long serialVersionUID = 1L;
  private JBColor() { super(0); }
  public static JBColor namedColor(String propertyName, int regular, int dark) { throw new AssertionError(); }
}
