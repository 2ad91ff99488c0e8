package com.intellij.psi.tree;

public class IElementType {}
