package com.intellij.openapi.fileTypes;

public interface SyntaxHighlighter {
  com.intellij.lexer.Lexer getHighlightingLexer();
  com.intellij.openapi.editor.colors.TextAttributesKey[] getTokenHighlights(com.intellij.psi.tree.IElementType tokenType);
}
