package com.intellij.lexer;

public abstract class Lexer {
  public final void start(CharSequence buffer) { throw new AssertionError(); }
  public abstract com.intellij.psi.tree.IElementType getTokenType();
  public abstract int getTokenStart();
  public abstract int getTokenEnd();
  public abstract void advance();
}
