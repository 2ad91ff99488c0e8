package com.intellij.openapi.editor;

public final class DefaultLanguageHighlighterColors {
  private DefaultLanguageHighlighterColors() {}
  public static final com.intellij.openapi.editor.colors.TextAttributesKey KEYWORD = null;
  public static final com.intellij.openapi.editor.colors.TextAttributesKey NUMBER = null;
  public static final com.intellij.openapi.editor.colors.TextAttributesKey STRING = null;
  public static final com.intellij.openapi.editor.colors.TextAttributesKey LINE_COMMENT = null;
}
