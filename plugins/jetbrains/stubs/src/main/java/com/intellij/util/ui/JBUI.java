package com.intellij.util.ui;

public class JBUI {
  public static int scale(int i) { throw new AssertionError(); }
}
