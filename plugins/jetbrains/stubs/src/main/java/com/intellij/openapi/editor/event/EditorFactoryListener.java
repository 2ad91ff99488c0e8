package com.intellij.openapi.editor.event;

public interface EditorFactoryListener extends java.util.EventListener {
  default void editorCreated(EditorFactoryEvent event) {}
  default void editorReleased(EditorFactoryEvent event) {}
}
