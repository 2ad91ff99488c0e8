package com.intellij.openapi.actionSystem;

public interface ActionPromoter {
  java.util.List<AnAction> promote(java.util.List<? extends AnAction> actions, DataContext context);
}
