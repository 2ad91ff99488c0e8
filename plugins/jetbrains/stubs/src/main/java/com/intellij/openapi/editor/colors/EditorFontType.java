package com.intellij.openapi.editor.colors;

public enum EditorFontType { PLAIN, BOLD, ITALIC, BOLD_ITALIC }
