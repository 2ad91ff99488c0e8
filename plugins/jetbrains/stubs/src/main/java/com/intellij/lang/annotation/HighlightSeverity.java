package com.intellij.lang.annotation;

public class HighlightSeverity implements Comparable<HighlightSeverity> {
  private HighlightSeverity() {}
  public static final HighlightSeverity WARNING = null;
  public static final HighlightSeverity ERROR = null;
  @Override public int compareTo(HighlightSeverity other) { throw new AssertionError(); }
}
