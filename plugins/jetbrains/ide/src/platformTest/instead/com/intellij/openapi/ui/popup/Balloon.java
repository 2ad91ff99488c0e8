package com.intellij.openapi.ui.popup;

/** Not in the jars of these tests, which is why it is stood in for. */
public interface Balloon {}
