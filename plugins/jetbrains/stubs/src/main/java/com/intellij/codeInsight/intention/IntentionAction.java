package com.intellij.codeInsight.intention;

public interface IntentionAction {
  String getText();
  String getFamilyName();
  boolean isAvailable(com.intellij.openapi.project.Project project, com.intellij.openapi.editor.Editor editor, com.intellij.psi.PsiFile file);
  void invoke(com.intellij.openapi.project.Project project, com.intellij.openapi.editor.Editor editor, com.intellij.psi.PsiFile file);
  boolean startInWriteAction();
}
