package com.intellij.openapi.editor.colors;

public final class TextAttributesKey {
  public static TextAttributesKey createTextAttributesKey(String externalName) { throw new AssertionError(); }
}
