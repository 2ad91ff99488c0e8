package com.intellij.codeInsight.lookup;

public final class LookupEvent extends java.util.EventObject {
  public LookupEvent(Lookup lookup, LookupElement item, char completionChar) { super(lookup); }
  public Lookup getLookup() { return (Lookup) getSource(); }
}
