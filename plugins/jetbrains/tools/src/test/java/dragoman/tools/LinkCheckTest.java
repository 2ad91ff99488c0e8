package dragoman.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plugin of one class, compiled against a platform of two, and held against platforms that differ. */
class LinkCheckTest {
  private static final String EDITOR = "package com.intellij; public interface Editor { int height(); }";
  private static final String LISTENER = "package com.intellij; public interface Listener { void changed(Editor editor); }";
  private static final String PLUGIN =
      "package dragoman; import com.intellij.*;"
          + "public class Ghost implements Listener { public int h; public void changed(Editor e) { h = e.height(); } }";

  @TempDir Path folder;
  private String plugin;

  @BeforeEach
  void build() throws IOException {
    Path stubs = compile("stubs", Map.of("Editor", EDITOR, "Listener", LISTENER));
    Path classes = compile("classes", Map.of("Ghost", PLUGIN), "-cp", stubs.toString());
    plugin = Files.createDirectory(folder.resolve("lib")).toString();
    jar(classes, Path.of(plugin, "dragoman-ide.jar"));
  }

  private Path compile(String name, Map<String, String> sources, String... options) throws IOException {
    Path out = Files.createDirectories(folder.resolve(name));
    List<String> arguments = new java.util.ArrayList<>(List.of("-d", out.toString()));
    arguments.addAll(List.of(options));
    for (Map.Entry<String, String> source : sources.entrySet())
      arguments.add(Files.writeString(out.resolve(source.getKey() + ".java"), source.getValue()).toString());
    assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(new String[0])));
    return out;
  }

  private static void jar(Path classes, Path jar) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        var files = Files.walk(classes)) {
      for (Path file : (Iterable<Path>) files.filter(one -> one.toString().endsWith(".class"))::iterator) {
        out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        out.write(Files.readAllBytes(file));
      }
    }
  }

  private Path rows(String... rows) throws IOException {
    return Files.write(folder.resolve("provenance.txt"), List.of(rows));
  }

  private List<String> against(String editor, String listener) throws IOException {
    Path ide = Files.createDirectories(folder.resolve("ide/lib"));
    jar(compile("platform", Map.of("Editor", editor, "Listener", listener)), ide.resolve("app.jar"));
    return LinkCheck.run("ide", plugin, folder.resolve("ide").toString());
  }

  @Test
  void thePlatformThatItWasBuiltForIsFine() throws IOException {
    assertEquals(List.of(), against(EDITOR, LISTENER));
  }

  @Test
  void aMemberOfAnotherTypeIsNotThere() throws IOException {
    assertEquals(
        List.of("no member: com/intellij/Editor#height()I"),
        against("package com.intellij; public interface Editor { long height(); }", LISTENER));
  }

  @Test
  void aMemberThatMovedToAParentIsThere() throws IOException {
    assertEquals(
        List.of(),
        against(
            "package com.intellij; public interface Editor extends Base { } interface Base { int height(); }", LISTENER));
  }

  @Test
  void anAbstractMethodMoreIsNotImplemented() throws IOException {
    assertEquals(
        List.of("not implemented: dragoman/Ghost#closed()V"),
        against(EDITOR, "package com.intellij; public interface Listener { void changed(Editor editor); void closed(); }"));
  }

  @Test
  void aClassThatIsNotThereIsTold() throws IOException {
    assertEquals(
        List.of("no class: com/intellij/Editor"),
        against("package com.intellij; interface Other { }", "package com.intellij; public interface Listener { }")
            .stream().filter(line -> line.startsWith("no class")).toList());
  }

  @Test
  void eachClassHasToHaveARowAndEachRowAClass() throws IOException {
    String stubs = folder.resolve("stubs").toString();
    String rows = rows("// words", "com.intellij.Editor somewhere", "com.intellij.Gone somewhere").toString();
    assertEquals(
        List.of("no provenance: com/intellij/Listener", "a row for what nobody uses: com/intellij/Gone"),
        LinkCheck.run("stubs", plugin, stubs, rows));
  }

  @Test
  void whatAnOlderPlatformLacksHasToBeMarked() throws IOException {
    Path older = Files.createDirectories(folder.resolve("older"));
    jar(
        compile("old", Map.of("Editor", "package com.intellij; public interface Editor { }")),
        older.resolve("intellij-core.jar"));
    assertEquals(
        List.of("no member: com/intellij/Editor#height()I"),
        LinkCheck.run("older", plugin, older.toString(), rows("com.intellij.Editor debian").toString()));
    assertEquals(
        List.of(),
        LinkCheck.run("older", plugin, older.toString(), rows("com.intellij.Editor#height newer x").toString()));
  }
}
