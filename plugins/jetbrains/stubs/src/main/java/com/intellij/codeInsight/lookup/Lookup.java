package com.intellij.codeInsight.lookup;

public interface Lookup {
  LookupElement getCurrentItem();
  com.intellij.openapi.editor.Editor getEditor();
  boolean isCompletion();
  String itemPattern(LookupElement element);
}
