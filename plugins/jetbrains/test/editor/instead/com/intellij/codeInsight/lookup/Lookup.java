package com.intellij.codeInsight.lookup;

public interface Lookup {
  LookupElement getCurrentItem();

  boolean isCompletion();

  String itemPattern(LookupElement element);
}
