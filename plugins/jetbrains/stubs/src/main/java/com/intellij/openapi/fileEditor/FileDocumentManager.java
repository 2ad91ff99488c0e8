package com.intellij.openapi.fileEditor;

public abstract class FileDocumentManager {
  public static FileDocumentManager getInstance() { throw new AssertionError(); }
  public abstract com.intellij.openapi.vfs.VirtualFile getFile(com.intellij.openapi.editor.Document document);
  public abstract com.intellij.openapi.editor.Document getDocument(com.intellij.openapi.vfs.VirtualFile file);
}
