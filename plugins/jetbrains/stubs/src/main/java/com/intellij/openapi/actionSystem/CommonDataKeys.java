package com.intellij.openapi.actionSystem;

public class CommonDataKeys {
  public static final DataKey<com.intellij.openapi.editor.Editor> EDITOR = null;
  public static final DataKey<com.intellij.openapi.project.Project> PROJECT = null;
  public static final DataKey<com.intellij.openapi.vfs.VirtualFile> VIRTUAL_FILE = null;
}
