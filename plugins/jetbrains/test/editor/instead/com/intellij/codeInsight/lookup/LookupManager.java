package com.intellij.codeInsight.lookup;

import com.intellij.openapi.editor.Editor;

public abstract class LookupManager {
  /** The list that is open, or null; a test sets it. */
  public static LookupEx open;

  public static LookupEx getActiveLookup(Editor editor) {
    return open;
  }
}
