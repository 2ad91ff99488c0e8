package dragoman.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dragoman.client.Protocol.Money;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WordsTest {
  private static Properties read(String suffix) throws IOException {
    Properties out = new Properties();
    try (Reader in =
        new InputStreamReader(
            WordsTest.class.getResourceAsStream("/messages/ChatBundle" + suffix + ".properties"),
            StandardCharsets.UTF_8)) {
      out.load(in);
    }
    return out;
  }

  private static TreeSet<String> places(String sentence) {
    TreeSet<String> out = new TreeSet<>();
    Pattern.compile("\\{(\\d)").matcher(sentence).results().forEach(found -> out.add(found.group(1)));
    return out;
  }

  @Test
  void bothLanguagesSayTheSameThings() throws IOException {
    Properties english = read("");
    Properties chinese = read("_zh_CN");
    assertEquals(new TreeSet<>(english.stringPropertyNames()), new TreeSet<>(chinese.stringPropertyNames()));
    for (String key : english.stringPropertyNames())
      assertEquals(places(english.getProperty(key)), places(chinese.getProperty(key)), key);
  }

  @Test
  void everySentenceIsAskedForSomewhere() throws IOException {
    StringBuilder sources = new StringBuilder();
    for (Path folder : List.of(Path.of("src/main/java"), Path.of("../ide/src/main/java")))
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList())
          sources.append(Files.readString(file));
      }
    for (String key : read("").stringPropertyNames()) assertTrue(sources.indexOf('"' + key + '"') >= 0, key);
  }

  @Test
  void noSentenceHoldsAnApostropheThatFormattingWouldEat() throws IOException {
    for (Object sentence : read("").values()) assertFalse(sentence.toString().contains("'"), sentence.toString());
  }

  @Test
  void aLanguageWithoutATranslationIsEnglish() {
    assertEquals("Send", Words.of(Locale.FRENCH).get("send"));
    assertEquals("发送", Words.of(Locale.SIMPLIFIED_CHINESE).get("send"));
  }

  @Test
  void moneyThatIsNoCurrencyKeepsItsName() {
    Words words = Words.of(Locale.ENGLISH);
    assertEquals("1.5 points", Figures.money(new Money(1.5, "points"), words));
    assertEquals("2", Figures.money(new Money(2, null), words));
  }
}
