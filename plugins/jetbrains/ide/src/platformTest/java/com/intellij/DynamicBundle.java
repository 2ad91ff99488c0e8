package com.intellij;

import java.text.MessageFormat;
import java.util.ResourceBundle;

/** Newer than the platform of these tests, which is why it is stood in for. */
public class DynamicBundle {
  private final ResourceBundle bundle;

  public DynamicBundle(Class<?> bundleClass, String pathToBundle) {
    bundle = ResourceBundle.getBundle(pathToBundle, java.util.Locale.ROOT, bundleClass.getClassLoader());
  }

  public String getMessage(String key, Object... params) {
    return MessageFormat.format(bundle.getString(key), params);
  }
}
