package dragoman.ide.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dragoman.ide.chat.ChatExport.Target;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatExportTest {
  @TempDir private Path folder;

  private Path file(String name) throws Exception {
    return Files.writeString(folder.resolve(name), "of " + name);
  }

  /** A person who names these files, one each time they are asked, and then no more. */
  private Target choose(List<Path> asked, boolean mayReplace, Path... answers) {
    Deque<Path> left = new ArrayDeque<>(Arrays.asList(answers));
    return ChatExport.choose(
        folder.resolve("proposed.md"),
        shown -> {
          asked.add(shown);
          return left.poll();
        },
        path -> mayReplace);
  }

  @Test
  void theProposedNameIsOfNoFileThatIsThere() throws Exception {
    assertEquals(folder.resolve("README.md"), ChatExport.proposed(folder, "README"));
    file("README.md");
    assertEquals(folder.resolve("README-2.md"), ChatExport.proposed(folder, "README"));
    file("README-2.md");
    assertEquals(folder.resolve("README-3.md"), ChatExport.proposed(folder, "README"));
  }

  @Test
  void theProposedNameIsMadeOfLettersAndDigits() {
    assertEquals(folder.resolve("a-b-ü-1.md"), ChatExport.proposed(folder, " ../a:b\\ü 1? "));
    assertEquals(folder.resolve("chat.md"), ChatExport.proposed(folder, "…"));
  }

  @Test
  void aFileThatIsThereIsReplacedOnlyIfAPersonSaysSo() throws Exception {
    Path there = file("there.md");
    List<Path> asked = new ArrayList<>();
    assertEquals(new Target(there, true), choose(asked, true, there));
    assertNull(choose(asked, false, there));
    assertEquals(List.of(folder.resolve("proposed.md"), folder.resolve("proposed.md"), there), asked);
    Path free = folder.resolve("free.md");
    assertEquals(new Target(free, false), choose(asked, false, there, free));
  }

  @Test
  void aFileThatIsNotThereAsksNothing() {
    Path free = folder.resolve("free.md");
    assertEquals(new Target(free, false), choose(new ArrayList<>(), false, free));
    assertNull(choose(new ArrayList<>(), true));
  }

  @Test
  void aFileThatHasComeThereMeanwhileIsNotLost() throws Exception {
    Path path = file("late.md");
    assertThrows(UncheckedIOException.class, () -> ChatExport.write(new Target(path, false), "x"));
    assertEquals("of late.md", Files.readString(path));
    ChatExport.write(new Target(path, true), "x");
    assertEquals("x", Files.readString(path));
    ChatExport.write(new Target(folder.resolve("new.md"), false), "y");
    assertEquals("y", Files.readString(folder.resolve("new.md")));
  }
}
