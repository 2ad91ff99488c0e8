package com.intellij.openapi.editor.event;

public abstract class DocumentEvent extends java.util.EventObject {
  protected DocumentEvent(com.intellij.openapi.editor.Document document) { super(document); }
  public abstract com.intellij.openapi.editor.Document getDocument();
  public abstract int getOffset();
  public abstract int getOldLength();
  public abstract int getNewLength();
  public abstract CharSequence getOldFragment();
  public abstract CharSequence getNewFragment();
}
