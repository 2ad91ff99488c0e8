package com.intellij.openapi.editor;

import com.intellij.openapi.editor.markup.TextAttributes;

public interface EditorCustomElementRenderer {
  int calcWidthInPixels(Inlay<?> inlay);
  default int calcHeightInPixels(Inlay<?> inlay) { throw new AssertionError(); }
  default void paint(Inlay<?> inlay, java.awt.Graphics g, java.awt.Rectangle targetRegion, TextAttributes textAttributes) {}
}
