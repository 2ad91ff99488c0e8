package com.intellij.openapi.editor.event;

public class EditorFactoryEvent extends java.util.EventObject {
  private EditorFactoryEvent() { super(""); }
  public com.intellij.openapi.editor.Editor getEditor() { throw new AssertionError(); }
}
