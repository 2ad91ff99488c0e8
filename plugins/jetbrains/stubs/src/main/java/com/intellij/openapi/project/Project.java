package com.intellij.openapi.project;

public interface Project extends com.intellij.openapi.components.ComponentManager {
  String getName();
  String getBasePath();
}
