package com.intellij.openapi.editor;

import com.intellij.openapi.editor.event.DocumentListener;

public interface Document extends com.intellij.openapi.util.UserDataHolder {
  String getText();
  CharSequence getCharsSequence();
  CharSequence getImmutableCharSequence();
  int getTextLength();
  int getLineCount();
  int getLineNumber(int offset);
  int getLineStartOffset(int line);
  int getLineEndOffset(int line);
  long getModificationStamp();
  boolean isWritable();
  RangeMarker createRangeMarker(int startOffset, int endOffset);
  void insertString(int offset, CharSequence s);
  void deleteString(int startOffset, int endOffset);
  void replaceString(int startOffset, int endOffset, CharSequence s);
  void addDocumentListener(DocumentListener listener);
  void removeDocumentListener(DocumentListener listener);
}
