package com.intellij.openapi.editor.colors;

public abstract class EditorColorsManager {
  public static EditorColorsManager getInstance() { throw new AssertionError(); }
  public abstract EditorColorsScheme getGlobalScheme();
}
