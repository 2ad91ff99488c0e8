package com.intellij.openapi.editor.event;

public interface DocumentListener extends java.util.EventListener {
  default void beforeDocumentChange(DocumentEvent event) {}
  default void documentChanged(DocumentEvent event) {}
}
