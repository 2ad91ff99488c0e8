package dragoman.ide.chat;

import static dragoman.ide.Platform.fake;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.intellij.openapi.editor.Document;
import com.intellij.openapi.editor.Editor;
import com.intellij.openapi.editor.SelectionModel;
import com.intellij.openapi.vfs.VirtualFile;
import com.intellij.testFramework.LightVirtualFile;
import dragoman.chat.Attachment;
import dragoman.chat.Words;
import dragoman.client.Protocol.ContextItem;
import dragoman.ide.Platform;
import java.util.Locale;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What of an editor goes along with a question. */
class AttachableTest {
  private Platform platform;

  @BeforeEach
  void start() {
    platform = new Platform();
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  /** An editor in which [start, end) is selected. */
  private static Editor editor(Document document, int start, int end) {
    SelectionModel selection =
        fake(
            SelectionModel.class,
            (method, arguments) ->
                switch (method) {
                  case "hasSelection" -> start < end;
                  case "getSelectionStart" -> start;
                  case "getSelectionEnd" -> end;
                  default -> null;
                });
    return fake(
        Editor.class,
        (method, arguments) ->
            switch (method) {
              case "getDocument" -> document;
              case "getSelectionModel" -> selection;
              default -> null;
            });
  }

  private static String name(ContextItem item) {
    return Attachment.of(item, Words.of(Locale.ENGLISH), uri -> uri).name();
  }

  @Test
  void aSelectionInAFileOfThisMachineIsARangeOfIt() {
    ContextItem item = Attachable.selection(editor(platform.document("/tmp/a.c", "int x;\nint y;\n"), 4, 11));
    assertEquals(ContextItem.range("file:///tmp/a.c", new Range(new Position(0, 4), new Position(1, 4))), item);
    assertEquals("file:///tmp/a.c:1-2", name(item));
  }

  @Test
  void aSelectionInAFileThatTheDaemonCannotReadIsItsTextUnderTheFilesName() {
    Document decompiled = platform.document(new LightVirtualFile("String.class"), "final class String {}\n");
    ContextItem item = Attachable.selection(editor(decompiled, 6, 18));
    assertEquals(ContextItem.text("class String", "String.class"), item);
    assertEquals("String.class", name(item));
  }

  @Test
  void aSelectionInATextOfNoFileIsItsText() {
    ContextItem item = Attachable.selection(editor(platform.document((VirtualFile) null, "> run\nfailed\n"), 6, 12));
    assertEquals(ContextItem.text("failed", null), item);
    assertEquals(Words.of(Locale.ENGLISH).get("attach.text"), name(item));
  }

  @Test
  void nothingSelectedIsNothing() {
    assertNull(Attachable.selection(editor(platform.document("/tmp/a.c", "x"), 1, 1)));
    assertNull(Attachable.selection(null));
  }
}
