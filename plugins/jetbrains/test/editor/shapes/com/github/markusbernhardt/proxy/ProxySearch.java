package com.github.markusbernhardt.proxy;

import com.github.markusbernhardt.proxy.selector.misc.BufferedProxySelector.CacheScope;
import java.net.ProxySelector;

public class ProxySearch {
  public static ProxySearch getDefaultProxySearch() {
    return null;
  }

  public void setPacCacheSettings(int size, long life, CacheScope scope) {}

  public ProxySelector getProxySelector() {
    return null;
  }
}
