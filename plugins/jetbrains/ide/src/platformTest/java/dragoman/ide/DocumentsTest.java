package dragoman.ide;

import static dragoman.ide.Platform.command;
import static dragoman.ide.Platform.fake;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.intellij.openapi.editor.Document;
import com.intellij.openapi.editor.Editor;
import com.intellij.openapi.editor.event.EditorFactoryEvent;
import com.intellij.openapi.editor.impl.DocumentImpl;
import com.intellij.openapi.project.Project;
import dragoman.client.DragomanServer;
import dragoman.ide.Platform.LocalFile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.eclipse.lsp4j.ApplyWorkspaceEditParams;
import org.eclipse.lsp4j.DidChangeTextDocumentParams;
import org.eclipse.lsp4j.DidCloseTextDocumentParams;
import org.eclipse.lsp4j.DidOpenTextDocumentParams;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.TextDocumentContentChangeEvent;
import org.eclipse.lsp4j.TextDocumentEdit;
import org.eclipse.lsp4j.TextEdit;
import org.eclipse.lsp4j.VersionedTextDocumentIdentifier;
import org.eclipse.lsp4j.WorkspaceEdit;
import org.eclipse.lsp4j.jsonrpc.messages.Either;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the daemon is told of documents, and how its edits come back. */
class DocumentsTest {
  /** A daemon that keeps texts as LSP says, by the changes that it is told. */
  private static final class Mirror {
    final Map<String, String> texts = new HashMap<>();
    final Map<String, Integer> versions = new HashMap<>();
    final Map<String, String> languages = new HashMap<>();
    final DragomanServer server =
        fake(
            DragomanServer.class,
            (method, arguments) -> {
              switch (method) {
                case "didOpen" -> opened((DidOpenTextDocumentParams) arguments[0]);
                case "didChange" -> changed((DidChangeTextDocumentParams) arguments[0]);
                case "didClose" -> closed(((DidCloseTextDocumentParams) arguments[0]).getTextDocument().getUri());
                default -> throw new AssertionError(method);
              }
              return null;
            });

    private void opened(DidOpenTextDocumentParams params) {
      String uri = params.getTextDocument().getUri();
      assertNull(texts.put(uri, params.getTextDocument().getText()), "opened twice");
      versions.put(uri, params.getTextDocument().getVersion());
      languages.put(uri, params.getTextDocument().getLanguageId());
    }

    private void closed(String uri) {
      assertNotNull(texts.remove(uri), "closed without having been opened");
    }

    private void changed(DidChangeTextDocumentParams params) {
      String uri = params.getTextDocument().getUri();
      assertTrue(texts.containsKey(uri), "changed without having been opened");
      assertEquals(versions.get(uri) + 1, params.getTextDocument().getVersion());
      versions.put(uri, params.getTextDocument().getVersion());
      for (TextDocumentContentChangeEvent change : params.getContentChanges())
        texts.computeIfPresent(uri, (key, text) -> replaced(text, change.getRange(), change.getText()));
    }

    private static String replaced(String text, Range range, String with) {
      return text.substring(0, offset(text, range.getStart())) + with + text.substring(offset(text, range.getEnd()));
    }

    private static int offset(String text, Position position) {
      int at = 0;
      for (int line = 0; line < position.getLine(); ++line) at = text.indexOf('\n', at) + 1;
      return at + position.getCharacter();
    }
  }

  private final Project project = fake(Project.class, (method, arguments) -> null);
  private Platform platform;
  private Mirror mirror = new Mirror();
  private Documents documents;

  @BeforeEach
  void start() {
    platform = new Platform();
    documents = new Documents(project, () -> mirror == null ? null : mirror.server);
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  private Document opened(String path, String text) {
    return opened(new LocalFile(path), text);
  }

  private Document opened(LocalFile file, String text) {
    Document document = platform.document(file, text);
    document.addDocumentListener(documents);
    platform.show(editor(document, project));
    documents.open(document);
    return document;
  }

  private static Editor editor(Document document, Project project) {
    return fake(
        Editor.class,
        (method, arguments) ->
            switch (method) {
              case "getDocument" -> document;
              case "getProject" -> project;
              default -> null;
            });
  }

  @Test
  void anyChangeLeavesTheDaemonWithTheTextOfTheEditor() {
    String[] pieces = {"", "x", "\n", "\n\n", "größe", "𝒳", "\t}\n", "a\nb\nc"};
    for (int seed = 0; seed < 40; ++seed) {
      Random random = new Random(seed);
      Document document = opened("/tmp/" + seed + ".py", seed % 3 == 0 ? "" : "def f():\n    return 1\n");
      for (int step = 0; step < 60; ++step) {
        int start = random.nextInt(document.getTextLength() + 1);
        int end = start + random.nextInt(Math.min(12, document.getTextLength() - start + 1));
        String piece = pieces[random.nextInt(pieces.length)];
        command(() -> document.replaceString(start, end, piece));
      }
      assertEquals(document.getText(), mirror.texts.get("file:///tmp/" + seed + ".py"), "seed " + seed);
      assertTrue(mirror.versions.get("file:///tmp/" + seed + ".py") > 30, "seed " + seed + ": hardly anything changed");
    }
  }

  @Test
  void aDocumentIsOpenedOnceWithItsLanguage() {
    Document document = opened("/tmp/a b/CMakeLists.txt", "x");
    assertTrue(documents.open(document));
    assertEquals(Map.of("file:///tmp/a%20b/CMakeLists.txt", "cmake"), mirror.languages);
    opened("/tmp/x.tsx", "");
    assertEquals("typescriptreact", mirror.languages.get("file:///tmp/x.tsx"));
  }

  @Test
  void aTextThatIsNoFileIsNobodysBusiness() {
    assertFalse(documents.open(new DocumentImpl("console")));
    assertTrue(mirror.texts.isEmpty());
  }

  @Test
  void anotherDaemonIsToldEverythingAnew() {
    Document document = opened("/tmp/a.c", "int x;\n");
    command(() -> document.insertString(0, "// "));
    mirror = null;
    command(() -> document.insertString(0, "unheard "));
    assertFalse(documents.open(document));
    mirror = new Mirror();
    documents.reopen();
    assertEquals(Map.of("file:///tmp/a.c", "unheard // int x;\n"), mirror.texts);
    assertEquals(1, documents.versionOf(document));
  }

  @Test
  void aDocumentIsClosedWithItsLastEditor() {
    Document document = opened("/tmp/a.c", "");
    Editor one = editor(document, project);
    Editor other = editor(document, project);
    platform.show(one, other);
    documents.editorReleased(new EditorFactoryEvent(platform.editors(), one));
    assertEquals(1, mirror.texts.size());
    platform.show(other);
    documents.editorReleased(new EditorFactoryEvent(platform.editors(), other));
    assertTrue(mirror.texts.isEmpty());
  }

  @Test
  void aRenamedFileIsKnownByItsNewNameAndLanguageBeforeItIsAskedAbout() {
    LocalFile file = new LocalFile("/tmp/a.c");
    Document document = opened(file, "int x;\n");
    command(() -> document.insertString(0, "// "));
    file.move("/tmp/sub/b.py");
    assertTrue(documents.open(document));
    assertEquals(Map.of("file:///tmp/sub/b.py", "// int x;\n"), mirror.texts);
    assertEquals("python", mirror.languages.get("file:///tmp/sub/b.py"));
    command(() -> document.deleteString(0, 3));
    assertEquals(Map.of("file:///tmp/sub/b.py", "int x;\n"), mirror.texts);
    assertEquals(3, documents.versionOf(document));
  }

  @Test
  void typingInARenamedFileTellsItsWholeTextUnderTheNewName() {
    LocalFile file = new LocalFile("/tmp/a.c");
    Document document = opened(file, "int x;\n");
    file.move("/tmp/b.c");
    command(() -> document.insertString(0, "// "));
    assertEquals(Map.of("file:///tmp/b.c", "// int x;\n"), mirror.texts);
    // An edit that was made for the text before is still known to be one.
    assertEquals("the text has changed", apply(document, 1, edit(0, 0, 3, "")));
    assertEquals(2, documents.versionOf(document));
  }

  @Test
  void aRenamedFileIsFollowedWhereAnotherOneIsAskedAbout() {
    LocalFile file = new LocalFile("/tmp/notes.txt");
    Document secret = opened(file, "key\n");
    Document other = opened("/tmp/a.c", "");
    file.move("/tmp/.env");
    assertTrue(documents.open(other));
    assertEquals(Map.of("file:///tmp/.env", "key\n", "file:///tmp/a.c", ""), mirror.texts);
    assertEquals(1, documents.versionOf(secret));
  }

  @Test
  void aRenamedFileIsClosedWithItsLastEditorUnderTheNameThatTheDaemonKnows() {
    LocalFile file = new LocalFile("/tmp/a.c");
    Document document = opened(file, "");
    file.move("/tmp/b.c");
    platform.show();
    documents.editorReleased(new EditorFactoryEvent(platform.editors(), editor(document, project)));
    assertTrue(mirror.texts.isEmpty());
  }

  @Test
  void aFileThatIsDeletedOrLeavesThisMachineIsClosed() {
    LocalFile gone = new LocalFile("/tmp/a.c");
    LocalFile away = new LocalFile("/tmp/b.c");
    LocalFile unseen = new LocalFile("/tmp/c.c");
    Document first = opened(gone, "");
    Document second = opened(away, "");
    Document third = opened(unseen, "");
    gone.setValid(false);
    away.leave();
    unseen.setValid(false);
    platform.show();
    documents.editorReleased(new EditorFactoryEvent(platform.editors(), editor(first, project)));
    command(() -> second.insertString(0, "x"));
    assertEquals(Set.of("file:///tmp/c.c"), mirror.texts.keySet());
    assertFalse(documents.open(third));
    assertTrue(mirror.texts.isEmpty());
    command(() -> second.insertString(0, "x"));
    documents.editorReleased(new EditorFactoryEvent(platform.editors(), editor(second, project)));
    assertNull(documents.versionOf(first));
    assertNull(documents.versionOf(second));
  }

  @Test
  void anotherProjectsEditorsAreNotOurs() {
    Document document = platform.document("/tmp/other.c", "");
    platform.show(editor(document, fake(Project.class, (method, arguments) -> null)));
    documents.reopen();
    assertTrue(mirror.texts.isEmpty());
  }

  private String apply(Document document, int version, TextEdit... edits) {
    String uri = Documents.uriOf(document);
    List<Either<TextEdit, org.eclipse.lsp4j.SnippetTextEdit>> all =
        List.of(edits).stream().map(Either::<TextEdit, org.eclipse.lsp4j.SnippetTextEdit>forLeft).toList();
    WorkspaceEdit edit =
        new WorkspaceEdit(
            List.of(Either.forLeft(new TextDocumentEdit(new VersionedTextDocumentIdentifier(uri, version), all))));
    return Edits.apply(project, documents, new ApplyWorkspaceEditParams(edit)).getFailureReason();
  }

  private static TextEdit edit(int line, int from, int to, String text) {
    return new TextEdit(new Range(new Position(line, from), new Position(line, to)), text);
  }

  @Test
  void anEditOfSeveralPlacesIsAppliedAsItsPositionsWereMeant() {
    Document document = opened("/tmp/a.py", "one\ntwo\nthree\n");
    assertNull(apply(document, 1, edit(0, 0, 3, "1\r\n1"), edit(2, 0, 99, "3"), edit(1, 1, 1, "--")));
    assertEquals("1\n1\nt--wo\n3\n", document.getText());
    assertEquals(document.getText(), mirror.texts.get("file:///tmp/a.py"));
  }

  @Test
  void anEditOfAnOlderTextChangesNothing() {
    Document document = opened("/tmp/a.py", "one\n");
    command(() -> document.insertString(0, "#"));
    assertEquals("the text has changed", apply(document, 1, edit(0, 0, 3, "1")));
    assertEquals("#one\n", document.getText());
    assertNull(apply(document, 2, edit(0, 1, 4, "1")));
    assertEquals("#1\n", document.getText());
  }

  @Test
  void anEditOfAReadOnlyOrUnknownDocumentChangesNothing() {
    Document document = opened("/tmp/a.py", "one\n");
    document.setReadOnly(true);
    assertEquals("the file is read-only", apply(document, 1, edit(0, 0, 3, "1")));
    platform.show();
    assertEquals("the document is not open", apply(document, 1, edit(0, 0, 3, "1")));
    assertEquals("one\n", document.getText());
  }
}
