package com.intellij.util;

public interface Function<P, R> {
  R fun(P param);
}
