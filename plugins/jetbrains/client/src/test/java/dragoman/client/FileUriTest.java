package dragoman.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileUriTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/home/me/a.c | file:///home/me/a.c",
        "/ | file:///",
        "/a b/größe.txt | file:///a%20b/gr%C3%B6%C3%9Fe.txt",
        "/𝒳/50%+#?.py | file:///%F0%9D%92%B3/50%25%2B%23%3F.py",
        "/x/a:b@c;d=(e)!~_-.f | file:///x/a%3Ab%40c%3Bd%3D%28e%29%21~_-.f",
        "/x/back\\slash | file:///x/back%5Cslash",
      })
  void aPathIsEscapedAsTheDaemonEscapes(String path, String uri) {
    assertEquals(uri, FileUri.of(path));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "C:/Users/Jörg/a:b.c | file:///C:/Users/J%C3%B6rg/a%3Ab.c",
        "d:/x | file:///d:/x",
        "C:/ | file:///C:/",
        "C: | file:///C:",
      })
  void aDriveKeepsItsColon(String path, String uri) {
    assertEquals(uri, FileUri.of(path));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "//server/share/a b.c | file://server/share/a%20b.c",
        "//wsl.localhost/Ubuntu/home/me/x.py | file://wsl.localhost/Ubuntu/home/me/x.py",
        "//nas-1.lan/x | file://nas-1.lan/x",
        "//wsl$/Ubuntu/x | file:////wsl%24/Ubuntu/x",
        "//my_server/share/x | file:////my_server/share/x",
        "//server | file:////server",
        "//?/C:/x | file:////%3F/C%3A/x",
        "///x | file://///x",
      })
  void aServerIsTheHostWhereItCanBeOne(String path, String uri) {
    assertEquals(uri, FileUri.of(path));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/a b/größe.txt", "/𝒳/50%+#?.py", "/x/a:b@c;d=(e)!~_-.f", "/x/back\\slash", "/ $&'*,[]^`{|}<>\""})
  void aUriLeadsBackToItsPath(String path) {
    assertEquals(Path.of(path), Path.of(URI.create(FileUri.of(path))));
    assertEquals(FileUri.of(path), FileUri.of(Path.of(path)));
  }

  @Test
  void aFolderIsNotLookedAtToSeeThatItIsOne(@TempDir Path folder) {
    assertFalse(FileUri.of(folder).endsWith("/"));
  }

  @Test
  void aRelativePathIsAsFromTheWorkingFolder() {
    assertEquals(FileUri.of(Path.of("").toAbsolutePath() + "/a.c"), FileUri.of(Path.of("a.c")));
  }
}
