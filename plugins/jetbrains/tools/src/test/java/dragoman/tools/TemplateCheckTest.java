package dragoman.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplateCheckTest {
  @TempDir Path folder;

  private List<String> check(String template) throws IOException {
    Files.writeString(folder.resolve("template.json"), template);
    return TemplateCheck.run(folder);
  }

  @Test
  void theLeastThatLsp4ijTakesIsFine() throws IOException {
    assertEquals(List.of(), check("{'id': 'x', 'name': 'X', 'programArgs': {'default': 'x'}}"));
  }

  @Test
  void aMissingAnUnknownAndAMisshapenFieldAreTold() throws IOException {
    assertEquals(
        List.of(
            "template.json lacks programArgs",
            "template.json.name has another shape",
            "template.json has a field that LSP4IJ does not know: command",
            "programArgs lacks default"),
        check("{'id': 'x', 'name': 7, 'command': 'x'}"));
  }

  @Test
  void aPatternThatIsMappedTwiceIsTold() throws IOException {
    String mapping = "{'fileType': {'patterns': ['*.c']}, 'languageId': 'c'}";
    assertEquals(
        List.of("mapped twice: *.c"),
        check(
            "{'id': 'x', 'name': 'X', 'programArgs': {'default': 'x'}, 'fileTypeMappings': [%s, %s]}"
                .formatted(mapping, mapping)));
  }

  @Test
  void aFileThatLsp4ijDoesNotReadIsTold() throws IOException {
    Files.writeString(folder.resolve("setings.json"), "{}");
    assertEquals(
        List.of("LSP4IJ reads no file of this name: setings.json"),
        check("{'id': 'x', 'name': 'X', 'programArgs': {'default': 'x'}}"));
  }
}
