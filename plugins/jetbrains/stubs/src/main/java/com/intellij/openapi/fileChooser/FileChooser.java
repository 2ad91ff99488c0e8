package com.intellij.openapi.fileChooser;

public final class FileChooser {
  private FileChooser() {}
  public static void chooseFiles(FileChooserDescriptor descriptor, com.intellij.openapi.project.Project project, com.intellij.openapi.vfs.VirtualFile toSelect, com.intellij.util.Consumer<? super java.util.List<com.intellij.openapi.vfs.VirtualFile>> callback) { throw new AssertionError(); }
}
