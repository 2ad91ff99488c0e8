package com.intellij.openapi.editor.event;

public class CaretEvent extends java.util.EventObject {
  private CaretEvent() { super(""); }
  public com.intellij.openapi.editor.Editor getEditor() { throw new AssertionError(); }
}
