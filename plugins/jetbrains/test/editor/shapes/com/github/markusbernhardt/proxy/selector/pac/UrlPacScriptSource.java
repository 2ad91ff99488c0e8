package com.github.markusbernhardt.proxy.selector.pac;

public class UrlPacScriptSource {
  public UrlPacScriptSource(String url) {}
}
