package dragoman.ide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BundleTest {
  private static Properties read(String suffix) throws IOException {
    Properties out = new Properties();
    try (Reader in =
        new InputStreamReader(
            BundleTest.class.getResourceAsStream("/messages/DragomanBundle" + suffix + ".properties"),
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
  void noSentenceHoldsAnApostropheThatFormattingWouldEat() throws IOException {
    for (Object sentence : read("").values()) assertFalse(sentence.toString().contains("'"), sentence.toString());
  }

  @Test
  void everySentenceThatTheSourcesAskForIsThere() throws IOException {
    Properties english = read("");
    Pattern asked = Pattern.compile("DragomanBundle\\.message\\(\\s*\"([\\w.]+)\"");
    Pattern words = Pattern.compile("\\bword\\(\"([\\w.]+)\"\\)");
    Pattern whole = Pattern.compile("\"((?:status|models|trail|sent)\\.\\w+)\"");
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        String source = Files.readString(file);
        asked.matcher(source).results().map(found -> found.group(1)).forEach(key -> assertKnown(english, key, file));
        whole.matcher(source).results().map(found -> found.group(1)).forEach(key -> assertKnown(english, key, file));
        words.matcher(source).results().map(found -> "settings." + found.group(1)).forEach(key -> assertKnown(english, key, file));
      }
    }
  }

  private static void assertKnown(Properties bundle, String key, Path file) {
    // A key that is put together ends with a dot.
    boolean known = key.endsWith(".")
        ? bundle.stringPropertyNames().stream().anyMatch(name -> name.startsWith(key))
        : bundle.containsKey(key);
    assertTrue(known, key + " in " + file);
  }
}
