package dragoman.ide;

import com.intellij.DynamicBundle;
import java.util.Locale;

/** The words that a person sees, in the IDE's language. */
public final class DragomanBundle {
  private static final DynamicBundle BUNDLE = new DynamicBundle(DragomanBundle.class, "messages.DragomanBundle");

  private DragomanBundle() {}

  /** The language of the sentences. */
  public static Locale locale() {
    return DynamicBundle.getLocale();
  }

  public static String message(String key, Object... params) {
    return BUNDLE.getMessage(key, params);
  }
}
