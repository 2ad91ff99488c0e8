package com.github.markusbernhardt.proxy.selector.misc;

public class BufferedProxySelector {
  public enum CacheScope {
    CACHE_SCOPE_HOST
  }
}
