package com.intellij.codeInsight.lookup;

public abstract class LookupElement extends com.intellij.openapi.util.UserDataHolderBase {
  public abstract String getLookupString();
}
