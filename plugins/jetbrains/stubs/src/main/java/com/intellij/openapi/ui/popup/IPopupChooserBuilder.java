package com.intellij.openapi.ui.popup;

public interface IPopupChooserBuilder<T> {
  IPopupChooserBuilder<T> setTitle(String title);
  IPopupChooserBuilder<T> setRenderer(javax.swing.ListCellRenderer<? super T> renderer);
  IPopupChooserBuilder<T> setItemChosenCallback(com.intellij.util.Consumer<? super T> callback);
  IPopupChooserBuilder<T> setNamerForFiltering(com.intellij.util.Function<? super T, String> namer);
  JBPopup createPopup();
}
