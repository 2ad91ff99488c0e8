package com.intellij.openapi.editor.markup;

public class TextAttributes {
  public java.awt.Color getForegroundColor() { throw new AssertionError(); }
  public int getFontType() { throw new AssertionError(); }
}
