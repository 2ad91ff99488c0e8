package com.intellij.openapi.fileChooser;

public class FileChooserDescriptorFactory {
  public static FileChooserDescriptor createMultipleFilesNoJarsDescriptor() { throw new AssertionError(); }
}
