package com.intellij.openapi.editor;

public interface Inlay<T extends EditorCustomElementRenderer> extends com.intellij.openapi.Disposable, com.intellij.openapi.util.UserDataHolderEx {
  Editor getEditor();
  int getOffset();
  boolean isValid();
}
