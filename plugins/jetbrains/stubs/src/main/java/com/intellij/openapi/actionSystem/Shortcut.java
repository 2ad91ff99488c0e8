package com.intellij.openapi.actionSystem;

public abstract class Shortcut {
  Shortcut() {}
}
