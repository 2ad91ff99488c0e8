package dragoman.ide.edit;

import com.intellij.openapi.editor.Document;
import com.intellij.openapi.editor.RangeMarker;
import com.intellij.openapi.project.Project;
import dragoman.ide.Edits;
import dragoman.ide.Positions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.eclipse.lsp4j.TextEdit;

/**
 * Pieces of new text over a document that goes on living: each keeps to its place while the rest changes, and is put in
 * where what it replaces still stands there. On the UI thread.
 */
final class Hunks {
  /** {@code after} in place of {@code before}, which the marker follows through the document's changes. */
  record Hunk(RangeMarker place, String before, String after) {
    boolean fits(CharSequence text) {
      return place.isValid()
          && before.contentEquals(text.subSequence(place.getStartOffset(), place.getEndOffset()));
    }

    Spans.Span span() {
      return new Spans.Span(place.getStartOffset(), place.getEndOffset(), after.length());
    }
  }

  private final Document document;
  private final List<Hunk> hunks = new ArrayList<>();

  private Hunks(Document document) {
    this.document = document;
  }

  /** Of edits that were made for the document as it is now, in any order. */
  static Hunks of(Document document, List<TextEdit> edits) {
    Hunks out = new Hunks(document);
    for (TextEdit edit : edits)
      out.add(
          Positions.offset(document, edit.getRange().getStart()),
          Positions.offset(document, edit.getRange().getEnd()),
          Texts.normal(edit.getNewText()));
    out.hunks.sort(Comparator.comparingInt(hunk -> hunk.place().getStartOffset()));
    return out;
  }

  /** {@code text} in place of [start, end): a hunk for each run of lines that differ. */
  static Hunks of(Document document, int start, int end, String text) {
    Hunks out = new Hunks(document);
    String before = document.getCharsSequence().subSequence(start, end).toString();
    for (Texts.Change change : LineDiff.of(before, Texts.normal(text)))
      out.add(start + change.start(), start + change.end(), change.text());
    return out;
  }

  /** Those that were neither put in nor dropped, in order. */
  List<Hunk> open() {
    return Collections.unmodifiableList(hunks);
  }

  boolean isEmpty() {
    return hunks.isEmpty();
  }

  List<Spans.Span> spans() {
    return hunks.stream().map(Hunk::span).toList();
  }

  /** The document with all of them in place. */
  String preview() {
    StringBuilder out = new StringBuilder(document.getText());
    for (int i = hunks.size() - 1; i >= 0; --i) {
      RangeMarker place = hunks.get(i).place();
      if (place.isValid()) out.replace(place.getStartOffset(), place.getEndOffset(), hunks.get(i).after());
    }
    return out.toString();
  }

  /**
   * Puts all of them in, as one step to undo.
   *
   * @param label the name of the step
   * @return false where the text has changed under one of them, or cannot be changed; then nothing is
   */
  boolean apply(Project project, String label) {
    return apply(project, label, List.copyOf(hunks));
  }

  /** As above, of those in {@code which} alone; the others stay open. */
  boolean apply(Project project, String label, List<Hunk> which) {
    if (!document.isWritable()) return false;
    CharSequence text = document.getCharsSequence();
    if (!which.stream().allMatch(hunk -> hunk.fits(text))) return false;
    hunks.removeAll(which); // before the document tells of the change
    Edits.command(project, label, () -> replace(which));
    which.forEach(hunk -> hunk.place().dispose());
    return true;
  }

  void drop(Hunk hunk) {
    if (hunks.remove(hunk)) hunk.place().dispose();
  }

  /** Drops those whose text was changed by someone else; how many that were. */
  int dropChanged() {
    CharSequence text = document.getCharsSequence();
    List<Hunk> gone = hunks.stream().filter(hunk -> !hunk.fits(text)).toList();
    gone.forEach(this::drop);
    return gone.size();
  }

  /** They are followed no more. */
  void release() {
    List.copyOf(hunks).forEach(this::drop);
  }

  /** From the end to the beginning, so that what is still to come keeps its place. */
  private void replace(List<Hunk> which) {
    for (int i = which.size() - 1; i >= 0; --i) {
      RangeMarker place = which.get(i).place();
      document.replaceString(place.getStartOffset(), place.getEndOffset(), which.get(i).after());
    }
  }

  private void add(int start, int end, String after) {
    String before = document.getCharsSequence().subSequence(start, end).toString();
    if (!before.equals(after)) hunks.add(new Hunk(document.createRangeMarker(start, end), before, after));
  }
}
