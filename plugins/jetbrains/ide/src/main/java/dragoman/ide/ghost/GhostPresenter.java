package dragoman.ide.ghost;

import com.intellij.openapi.Disposable;
import com.intellij.openapi.editor.Editor;
import com.intellij.openapi.editor.Inlay;
import com.intellij.openapi.util.Disposer;
import com.intellij.openapi.util.Key;
import dragoman.client.GhostText;
import dragoman.client.Offer;
import dragoman.ide.DragomanBundle;
import dragoman.ide.DragomanService;
import dragoman.ide.Edits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Draws suggestions by itself, for IDEs whose platform has no inline completion: the rest of the line as an inline inlay,
 * the lines below as one block. One for an editor; asks when text is typed, follows what agrees, hides at anything else.
 * On the UI thread.
 */
final class GhostPresenter implements Disposable {
  /** Whether the platform draws ghost text, so that {@link GhostProvider} is all there is to do. */
  static final boolean PLATFORM_DRAWS = hasPlatformCompletion();

  private static final Key<GhostPresenter> KEY = Key.create("dragoman.ghost.presenter");

  private final Editor editor;
  private final List<Inlay<GhostRenderer>> inlays = new ArrayList<>();
  private CompletableFuture<?> asking = CompletableFuture.completedFuture(null);

  private GhostPresenter(Editor editor) {
    this.editor = editor;
  }

  private static boolean hasPlatformCompletion() {
    try {
      Class.forName(
          "com.intellij.codeInsight.inline.completion.InlineCompletionProvider",
          false,
          GhostPresenter.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException missing) {
      return false;
    }
  }

  static GhostPresenter of(Editor editor) {
    GhostPresenter known = editor.getUserData(KEY);
    if (known != null) return known;
    GhostPresenter made = new GhostPresenter(editor);
    editor.putUserData(KEY, made);
    return made;
  }

  /** Whether a suggestion can be seen in {@code editor}; without making anything. */
  static boolean showsIn(Editor editor) {
    GhostPresenter known = editor == null ? null : editor.getUserData(KEY);
    return known != null && !known.inlays.isEmpty();
  }

  /** Asks for a suggestion at the caret, in place of whatever was asked before. */
  void ask(boolean invoked) {
    asking.cancel(true);
    int offset = editor.getCaretModel().getOffset();
    CompletableFuture<List<GhostText>> next = Ghost.ask(editor, offset, invoked);
    asking = next;
    DragomanService service = DragomanService.of(editor.getProject());
    next.thenAccept(
        ghosts ->
            service.onUi(
                () -> {
                  if (asking == next && !ghosts.isEmpty() && Ghost.stands(editor, offset)) show(ghosts);
                }));
  }

  /** Shows the first of {@code ghosts}, whose offset is the caret's. */
  void show(List<GhostText> ghosts) {
    hide();
    draw(ghosts.get(0));
    Ghost.shown(editor, ghosts);
  }

  /** Removes what is drawn; what is asked for may still come. */
  void hide() {
    for (Inlay<GhostRenderer> inlay : inlays) Disposer.dispose(inlay);
    inlays.clear();
  }

  /** Removes what is drawn and forgets what is asked for. */
  void dismiss() {
    asking.cancel(true);
    hide();
  }

  /** Puts the next {@code extent} of the suggestion in, as one step of undo. False where none is shown, or none may be. */
  boolean accept(GhostText.Extent extent) {
    Offer offer = Ghost.offer(editor);
    if (inlays.isEmpty() || !editor.getDocument().isWritable() || offer.isEmpty() || !Ghost.stands(editor, offer.first().offset())) return false;
    GhostText ghost = offer.first();
    String piece = ghost.piece(extent);
    Edits.command(
        editor.getProject(),
        DragomanBundle.message("command.acceptSuggestion"),
        () -> {
          editor.getDocument().insertString(ghost.offset(), piece);
          editor.getCaretModel().moveToOffset(ghost.offset() + piece.length());
        });
    return true;
  }

  @Override
  public void dispose() {
    dismiss();
    editor.putUserData(KEY, null);
  }

  private void draw(GhostText ghost) {
    if (!ghost.inline().isEmpty())
      add(editor.getInlayModel().addInlineElement(ghost.offset(), true, new GhostRenderer(List.of(ghost.inline()))));
    if (!ghost.below().isEmpty())
      add(
          editor.getInlayModel().addBlockElement(ghost.offset(), true, false, 0, new GhostRenderer(ghost.below())));
  }

  private void add(Inlay<GhostRenderer> inlay) {
    if (inlay != null) inlays.add(inlay);
  }

  /** The document has changed, and {@link Ghost#changed} knows what of the suggestion is left. True where some is. */
  boolean follow() {
    boolean drawn = !inlays.isEmpty();
    hide();
    Offer left = Ghost.offer(editor);
    if (drawn && !left.isEmpty()) draw(left.first());
    return !inlays.isEmpty();
  }

  /** The caret has come to rest. */
  void caretMoved() {
    Offer offer = Ghost.offer(editor);
    if (!inlays.isEmpty() && (offer.isEmpty() || !Ghost.stands(editor, offer.first().offset()))) dismiss();
  }
}
