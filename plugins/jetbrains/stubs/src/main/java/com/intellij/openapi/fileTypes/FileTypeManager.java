package com.intellij.openapi.fileTypes;

public abstract class FileTypeManager {
  public static FileTypeManager getInstance() { throw new AssertionError(); }
  public abstract FileType getFileTypeByExtension(String extension);
}
