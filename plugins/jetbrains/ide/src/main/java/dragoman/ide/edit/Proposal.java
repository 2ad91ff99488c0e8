package dragoman.ide.edit;

import com.intellij.openapi.editor.Document;
import com.intellij.openapi.editor.Editor;
import com.intellij.openapi.editor.RangeMarker;
import com.intellij.openapi.project.Project;
import dragoman.ide.DragomanBundle;
import dragoman.ide.DragomanService;
import dragoman.ide.Edits;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.lsp4j.TextEdit;

/**
 * One edit that waits to be accepted: what the answer has so far while it streams, then the hunks that are still open. The
 * document changes by accepting alone, each time in one step to undo; it may be worked on meanwhile. Ends when no hunk is
 * left, or by {@link #end}. On the UI thread.
 */
public final class Proposal {
  interface Listener {
    /** {@link #text} or {@link #open} may be another. */
    void changed();

    /** Told once; nothing is told after it. */
    void ended();
  }

  /** What came of a whole answer. */
  enum Outcome {
    OPEN,
    NOTHING,
    /** Made for a text that is no more. */
    STALE
  }

  private final Project project;
  private final Document document;
  private final List<Listener> listeners = new ArrayList<>();

  /** While the answer streams: the selection, and what takes its place. */
  private final RangeMarker selected;

  private final Growth growth;
  private Hunks hunks;
  private String note = "";
  private boolean ended;

  private Proposal(Project project, Document document, RangeMarker selected, Growth growth, Hunks hunks) {
    this.project = project;
    this.document = document;
    this.selected = selected;
    this.growth = growth;
    this.hunks = hunks;
  }

  /** For [start, end), whose new text is to be streamed. */
  static Proposal streaming(Project project, Document document, int start, int end) {
    Growth growth = new Growth(document.getCharsSequence().subSequence(start, end).toString());
    return new Proposal(project, document, document.createRangeMarker(start, end), growth, null);
  }

  static Proposal of(Project project, Document document, Hunks hunks) {
    return new Proposal(project, document, null, null, hunks);
  }

  /** Shows code of an answer in place of the selection where there is one, else of the whole file. */
  public static void ofCode(Project project, Editor editor, String code) {
    Document document = editor.getDocument();
    boolean whole = !editor.getSelectionModel().hasSelection();
    int start = whole ? 0 : editor.getSelectionModel().getSelectionStart();
    int end = whole ? document.getTextLength() : editor.getSelectionModel().getSelectionEnd();
    String old = document.getCharsSequence().subSequence(start, end).toString();
    Hunks hunks = Hunks.of(document, start, end, Texts.inPlaceOf(old, Texts.normal(code), whole));
    if (hunks.isEmpty()) DragomanService.of(project).messages().tell(DragomanBundle.message("edit.nothing"));
    else Proposals.of(project).show(of(project, document, hunks));
  }

  /** Puts code of an answer at the cursor, in place of the selection where there is one. */
  public static void insert(Project project, Editor editor, String answered) {
    Document document = editor.getDocument();
    if (!document.isWritable() || editor.isViewer()) {
      DragomanService.of(project).messages().warn(DragomanBundle.message("edit.readOnly"));
      return;
    }
    String code = Texts.normal(answered);
    boolean selection = editor.getSelectionModel().hasSelection();
    int start = selection ? editor.getSelectionModel().getSelectionStart() : editor.getCaretModel().getOffset();
    int end = selection ? editor.getSelectionModel().getSelectionEnd() : start;
    Edits.command(project, DragomanBundle.message("edit.insert"), () -> {
      document.replaceString(start, end, code);
      editor.getSelectionModel().removeSelection(); // it follows the text: the next key would replace what was put in
      editor.getCaretModel().moveToOffset(start + code.length());
    });
  }

  void addListener(Listener listener) {
    listeners.add(listener);
  }

  Project project() {
    return project;
  }

  Document document() {
    return document;
  }

  boolean streaming() {
    return hunks == null;
  }

  boolean ended() {
    return ended;
  }

  /** What there is to say of it besides: the model that writes, what is waited for, or "". */
  String note() {
    return note;
  }

  /** The hunks that can be accepted or discarded, in order; none while the answer streams. */
  List<Hunks.Hunk> open() {
    return hunks == null ? List.of() : hunks.open();
  }

  List<Spans.Span> spans() {
    return hunks == null ? List.of() : hunks.spans();
  }

  /** The document as it would be. */
  String text() {
    if (hunks != null) return hunks.preview();
    StringBuilder out = new StringBuilder(document.getText());
    if (selected.isValid()) out.replace(selected.getStartOffset(), selected.getEndOffset(), growth.text());
    return out.toString();
  }

  /** Where in {@link #text} the answer is being written, or -1. */
  int tip() {
    return hunks == null && selected.isValid() ? selected.getStartOffset() + growth.length() : -1;
  }

  /** The next piece of the answer. */
  void stream(String piece) {
    if (ended || hunks != null) return;
    growth.add(piece);
    changed();
  }

  void say(String now) {
    note = now == null ? "" : now;
    if (!ended) changed();
  }

  /**
   * The whole answer: edits for version {@code made} of the document, none of which is taken where the document is at
   * another one. Unless something is left to accept, the proposal has then ended.
   *
   * @param made null where the daemon did not say
   */
  Outcome settle(Integer made, Integer current, List<TextEdit> edits) {
    boolean stale = made != null && !made.equals(current);
    note = "";
    selected.dispose();
    hunks = Hunks.of(document, stale ? List.of() : edits);
    changed();
    return stale ? Outcome.STALE : ended ? Outcome.NOTHING : Outcome.OPEN;
  }

  /** The document was changed, and that is over: hunks whose text it was are gone, and it is said. True where some are. */
  boolean follow() {
    if (ended) return false;
    boolean dropped = hunks != null && hunks.dropChanged() > 0;
    if (dropped) note = DragomanBundle.message("edit.dropped");
    changed();
    return dropped;
  }

  /** Takes one over. */
  void accept(Hunks.Hunk hunk) {
    apply(List.of(hunk));
  }

  void acceptAll() {
    apply(List.copyOf(open()));
  }

  void discard(Hunks.Hunk hunk) {
    if (ended || hunks == null) return;
    hunks.drop(hunk);
    note = "";
    changed();
  }

  /** What is left is discarded, and a request that still runs is cancelled by whoever listens. */
  void end() {
    if (ended) return;
    ended = true;
    if (hunks != null) hunks.release();
    else selected.dispose();
    List.copyOf(listeners).forEach(Listener::ended);
    listeners.clear();
  }

  private void apply(List<Hunks.Hunk> which) {
    if (ended || which.isEmpty()) return;
    note = "";
    if (!hunks.apply(project, DragomanBundle.message("edit.title"), which)) note = DragomanBundle.message("edit.refused");
    changed();
  }

  /** A selection that was changed while the answer streams is refused by the daemon, which says so. */
  private void changed() {
    if (hunks != null && hunks.isEmpty()) end();
    else List.copyOf(listeners).forEach(Listener::changed);
  }
}
