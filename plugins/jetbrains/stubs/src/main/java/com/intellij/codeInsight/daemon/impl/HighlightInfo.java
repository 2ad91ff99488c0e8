package com.intellij.codeInsight.daemon.impl;

public class HighlightInfo {
  private HighlightInfo() {}
  public static HighlightInfo fromRangeHighlighter(com.intellij.openapi.editor.markup.RangeHighlighter highlighter) { throw new AssertionError(); }
  public com.intellij.lang.annotation.HighlightSeverity getSeverity() { throw new AssertionError(); }
  public String getDescription() { throw new AssertionError(); }
}
