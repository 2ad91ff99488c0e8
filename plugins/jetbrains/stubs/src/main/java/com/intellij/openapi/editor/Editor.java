package com.intellij.openapi.editor;

public interface Editor extends com.intellij.openapi.util.UserDataHolder {
  Document getDocument();
  javax.swing.JComponent getComponent();
  javax.swing.JComponent getContentComponent();
  CaretModel getCaretModel();
  SelectionModel getSelectionModel();
  InlayModel getInlayModel();
  ScrollingModel getScrollingModel();
  com.intellij.openapi.editor.colors.EditorColorsScheme getColorsScheme();
  com.intellij.openapi.project.Project getProject();
  com.intellij.openapi.vfs.VirtualFile getVirtualFile();
  int getLineHeight();
  boolean isDisposed();
  boolean isViewer();
  boolean isOneLineMode();
}
