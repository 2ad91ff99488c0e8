package dragoman.chat;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;

/** The sentences that a person reads, by key, in one language. */
public final class Words {
  private final ResourceBundle bundle;
  private final Locale locale;

  private Words(ResourceBundle bundle, Locale locale) {
    this.bundle = bundle;
    this.locale = locale;
  }

  /** Those of the chat, in {@code locale} where there is such a translation, else in English. */
  public static Words of(Locale locale) {
    ResourceBundle.Control noDefault =
        ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);
    ClassLoader loader = Words.class.getClassLoader();
    return new Words(ResourceBundle.getBundle("messages.ChatBundle", locale, loader, noDefault), locale);
  }

  public Locale locale() {
    return locale;
  }

  /** {@code {0}} and so on are filled in by the rules of {@link MessageFormat}, numbers as the locale writes them. */
  public String get(String key, Object... args) {
    String sentence = bundle.getString(key);
    return args.length == 0 ? sentence : new MessageFormat(sentence, locale).format(args);
  }
}
