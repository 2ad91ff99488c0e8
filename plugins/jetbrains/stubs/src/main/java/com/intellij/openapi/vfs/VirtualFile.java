package com.intellij.openapi.vfs;

public abstract class VirtualFile implements com.intellij.openapi.util.UserDataHolder {
  public abstract String getName();
  public abstract String getPath();
  public com.intellij.openapi.fileTypes.FileType getFileType() { throw new AssertionError(); }
  public abstract boolean isInLocalFileSystem();
  public abstract boolean isValid();
  public String getExtension() { throw new AssertionError(); }
  public java.nio.file.Path toNioPath() { throw new AssertionError(); }
}
