package dragoman.ide.ghost;

import com.intellij.openapi.editor.Document;
import com.intellij.openapi.editor.Editor;
import com.intellij.openapi.editor.event.DocumentEvent;
import com.intellij.openapi.project.Project;
import com.intellij.openapi.util.Key;
import dragoman.client.Dragoman;
import dragoman.client.DragomanServer;
import dragoman.client.GhostText;
import dragoman.client.Offer;
import dragoman.client.Protocol;
import dragoman.client.Protocol.InlineCompletionContext;
import dragoman.client.Relay;
import dragoman.ide.Documents;
import dragoman.ide.DragomanService;
import dragoman.ide.Positions;
import dragoman.ide.settings.Settings;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.eclipse.lsp4j.ExecuteCommandParams;
import org.eclipse.lsp4j.TextDocumentIdentifier;

/**
 * Ghost text, whoever draws it: asks the daemon and tells it what became of its suggestions.
 *
 * <p>What a person accepts is read off the document: text that comes in at once where a suggestion is shown, and is its own
 * next text, was taken from it. So it holds for the IDE's own keys and for ours, for a word, a line and all. When to ask,
 * how long to wait for more keys and which older request ends is the daemon's business.
 */
public final class Ghost {
  private static final Key<Offer> OFFER = Key.create("dragoman.ghost.offer");

  private Ghost() {}

  /** Whether suggestions may come while one types in {@code editor}. Cheap: asked at each keystroke. */
  static boolean enabledIn(Editor editor) {
    return Settings.get().getState().completionEnabled && askable(editor);
  }

  /** Whether one may be asked for by hand, which works where they are switched off, too. */
  static boolean askable(Editor editor) {
    return editor.getProject() != null
        && !editor.isViewer()
        && !editor.isOneLineMode()
        && editor.getDocument().isWritable()
        && Documents.isOurs(editor.getDocument());
  }

  /**
   * Asks for suggestions at {@code offset}, where the caret is. Any thread; completes on the client's. Empty where there are
   * none, and where the caret or the text has moved on meanwhile. Cancelling it cancels the request.
   *
   * @param invoked by hand: there is no pause, and a failure is told
   */
  static CompletableFuture<List<GhostText>> ask(Editor editor, int offset, boolean invoked) {
    Relay<List<GhostText>> answer = new Relay<>();
    Project project = editor.getProject();
    if (project == null || project.isDisposed()) {
      answer.complete(List.of());
      return answer;
    }
    DragomanService service = DragomanService.of(project);
    service
        .dragoman()
        .running()
        .whenComplete(
            (server, reason) -> {
              if (reason != null) answer.fail(reason);
              // The document may be read there, and every change before this has been told.
              else service.onUi(() -> send(service, server, editor, offset, invoked, answer), () -> answer.complete(List.of()));
            });
    if (invoked)
      answer.whenComplete(
          (items, reason) -> {
            if (reason != null) service.onUi(() -> service.messages().report(reason));
          });
    return answer;
  }

  private static void send(
      DragomanService service,
      DragomanServer server,
      Editor editor,
      int offset,
      boolean invoked,
      Relay<List<GhostText>> answer) {
    Document document = editor.getDocument();
    if (answer.isDone()) return;
    if (!stands(editor, offset) || !service.documents().open(document)) {
      answer.complete(List.of());
      return;
    }
    long stamp = document.getModificationStamp();
    int kind = invoked ? InlineCompletionContext.INVOKED : InlineCompletionContext.AUTOMATIC;
    Protocol.InlineCompletionParams question =
        new Protocol.InlineCompletionParams(
            new TextDocumentIdentifier(Documents.uriOf(document)),
            Positions.of(document, offset),
            new InlineCompletionContext(kind, PopupEntry.in(editor, offset)));
    answer.follow(
        server.inlineCompletion(question),
        found -> document.getModificationStamp() == stamp ? ghosts(found, offset) : List.of());
  }

  private static List<GhostText> ghosts(Protocol.InlineCompletions found, int offset) {
    if (found == null || found.items() == null) return List.of();
    return found.items().stream().map(item -> GhostText.at(offset, item)).filter(Objects::nonNull).toList();
  }

  /** One caret, and it is at {@code offset}. */
  static boolean stands(Editor editor, int offset) {
    return !editor.isDisposed()
        && editor.getCaretModel().getCaretCount() == 1
        && editor.getCaretModel().getOffset() == offset;
  }

  /** {@code ghosts} are on the screen from now on, the first of them in sight. On the UI thread. */
  static void shown(Editor editor, List<GhostText> ghosts) {
    if (editor.isDisposed() || ghosts.isEmpty()) return;
    editor.putUserData(OFFER, new Offer(ghosts));
    DragomanServer server = serverOf(editor);
    if (server != null) server.didShowCompletion(new Protocol.ShownCompletion(ghosts.get(0).item()));
  }

  /** What is on the screen. */
  static Offer offer(Editor editor) {
    Offer known = editor.getUserData(OFFER);
    return known == null ? Offer.NONE : known;
  }

  /** {@code event} changed the editor's document: suggestions move on with it or end, and what was taken is told. */
  static void changed(Editor editor, DocumentEvent event) {
    Offer before = offer(editor);
    if (before.isEmpty()) return;
    Offer.Change change = before.after(event.getOffset(), event.getOldLength(), event.getNewFragment().toString());
    editor.putUserData(OFFER, change.left());
    if (change.whole()) accepted(editor, change.taken());
    else if (change.taken() != null) partlyAccepted(editor, change.taken());
  }

  private static void accepted(Editor editor, GhostText ghost) {
    DragomanServer server = serverOf(editor);
    if (server == null || ghost.item().command() == null) return;
    server.executeCommand(
        new ExecuteCommandParams(ghost.item().command().getCommand(), ghost.item().command().getArguments()));
  }

  private static void partlyAccepted(Editor editor, GhostText ghost) {
    DragomanServer server = serverOf(editor);
    if (server != null)
      server.didPartiallyAcceptCompletion(new Protocol.PartlyAcceptedCompletion(ghost.item(), ghost.standing()));
  }

  private static DragomanServer serverOf(Editor editor) {
    Project project = editor.getProject();
    if (project == null || project.isDisposed()) return null;
    Dragoman dragoman = DragomanService.of(project).dragoman();
    return dragoman.server();
  }
}
