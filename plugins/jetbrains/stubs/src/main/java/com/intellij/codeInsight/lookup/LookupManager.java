package com.intellij.codeInsight.lookup;

public abstract class LookupManager {
  public static LookupEx getActiveLookup(com.intellij.openapi.editor.Editor editor) { throw new AssertionError(); }
}
