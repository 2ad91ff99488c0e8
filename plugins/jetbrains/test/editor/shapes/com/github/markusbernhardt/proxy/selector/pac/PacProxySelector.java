package com.github.markusbernhardt.proxy.selector.pac;

import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;

public class PacProxySelector extends ProxySelector {
  public PacProxySelector(UrlPacScriptSource source) {}

  @Override
  public List<Proxy> select(URI uri) {
    return java.util.Collections.emptyList();
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
}
