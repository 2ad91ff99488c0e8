package com.intellij.openapi.ui.popup;

public interface Balloon {}
