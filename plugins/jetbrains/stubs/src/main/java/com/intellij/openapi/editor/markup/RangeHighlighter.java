package com.intellij.openapi.editor.markup;

public interface RangeHighlighter extends com.intellij.openapi.editor.RangeMarker {}
