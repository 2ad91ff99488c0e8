package com.intellij.openapi.editor;

import com.intellij.openapi.editor.event.EditorEventMulticaster;
import com.intellij.openapi.editor.event.EditorFactoryListener;

public abstract class EditorFactory {
  public static EditorFactory getInstance() { throw new AssertionError(); }
  public abstract Document createDocument(CharSequence text);
  public abstract Editor[] getAllEditors();
  public abstract Editor[] getEditors(Document document, com.intellij.openapi.project.Project project);
  public abstract EditorEventMulticaster getEventMulticaster();
  public abstract void addEditorFactoryListener(EditorFactoryListener listener, com.intellij.openapi.Disposable parentDisposable);
}
