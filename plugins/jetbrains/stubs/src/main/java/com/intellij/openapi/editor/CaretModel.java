package com.intellij.openapi.editor;

import com.intellij.openapi.editor.event.CaretListener;

public interface CaretModel {
  int getOffset();
  int getCaretCount();
  void moveToOffset(int offset);
  void addCaretListener(CaretListener listener);
  void removeCaretListener(CaretListener listener);
}
