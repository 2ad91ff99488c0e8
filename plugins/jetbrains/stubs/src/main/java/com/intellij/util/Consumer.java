package com.intellij.util;

@FunctionalInterface
public interface Consumer<T> {
  void consume(T t);
}
