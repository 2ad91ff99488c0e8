package com.intellij.openapi.fileTypes;

public abstract class SyntaxHighlighterFactory {
  public static SyntaxHighlighter getSyntaxHighlighter(FileType type, com.intellij.openapi.project.Project project, com.intellij.openapi.vfs.VirtualFile file) { throw new AssertionError(); }
}
