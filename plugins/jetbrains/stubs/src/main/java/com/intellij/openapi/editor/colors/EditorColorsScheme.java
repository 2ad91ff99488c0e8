package com.intellij.openapi.editor.colors;

public interface EditorColorsScheme {
  java.awt.Color getDefaultBackground();
  java.awt.Font getFont(EditorFontType key);
  com.intellij.openapi.editor.markup.TextAttributes getAttributes(TextAttributesKey key);
}
