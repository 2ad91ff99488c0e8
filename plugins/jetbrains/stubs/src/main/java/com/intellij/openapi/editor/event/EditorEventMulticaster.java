package com.intellij.openapi.editor.event;

public interface EditorEventMulticaster {
  void addDocumentListener(DocumentListener listener, com.intellij.openapi.Disposable parentDisposable);
  void addCaretListener(CaretListener listener, com.intellij.openapi.Disposable parentDisposable);
}
