package com.intellij.openapi.application;

public abstract class ModalityState {
  public static ModalityState defaultModalityState() { throw new AssertionError(); }
  public static ModalityState any() { throw new AssertionError(); }
  public static ModalityState nonModal() { throw new AssertionError(); }
}
