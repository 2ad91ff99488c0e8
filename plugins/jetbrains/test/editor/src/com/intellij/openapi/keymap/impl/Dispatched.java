package com.intellij.openapi.keymap.impl;

import com.intellij.openapi.actionSystem.AnAction;
import com.intellij.openapi.actionSystem.KeyboardShortcut;
import java.awt.Component;
import java.util.List;

/** What the platform's dispatcher of keys finds; it shows that to its own package alone. */
public final class Dispatched {
  private Dispatched() {}

  /** The actions that it tries for a key, in this order; the first that is enabled uses it. */
  public static List<AnAction> by(IdeKeyEventDispatcher dispatcher, Component focus, KeyboardShortcut key) {
    return dispatcher.updateCurrentContext(focus, key, false).getActions();
  }
}
