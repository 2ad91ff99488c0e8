package dragoman.ide.edit;

import com.intellij.openapi.editor.Document;
import com.intellij.openapi.editor.RangeMarker;
import com.intellij.openapi.project.Project;
import dragoman.ide.Edits;
import dragoman.ide.Positions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.eclipse.lsp4j.TextEdit;

/**
 * Pieces of new text over a document that goes on living: each keeps to its place while the rest changes, and all of them
 * are put in or none is. On the UI thread.
 */
final class Hunks {
  /** {@code after} in place of {@code before}, which the marker follows through the document's changes. */
  private record Hunk(RangeMarker place, String before, String after) {
    boolean fits(CharSequence text) {
      return place.isValid()
          && before.contentEquals(text.subSequence(place.getStartOffset(), place.getEndOffset()));
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
          edit.getNewText().replace("\r\n", "\n"));
    out.hunks.sort(Comparator.comparingInt(hunk -> hunk.place().getStartOffset()));
    return out;
  }

  /** {@code text} in place of [start, end). */
  static Hunks of(Document document, int start, int end, String text) {
    Hunks out = new Hunks(document);
    out.add(start, end, text);
    return out;
  }

  Document document() {
    return document;
  }

  /** Whether they change nothing. */
  boolean isEmpty() {
    return hunks.isEmpty();
  }

  /** The document with all of them in place. */
  String preview() {
    StringBuilder out = new StringBuilder(document.getText());
    for (int i = hunks.size() - 1; i >= 0; --i)
      out.replace(hunks.get(i).place().getStartOffset(), hunks.get(i).place().getEndOffset(), hunks.get(i).after());
    return out.toString();
  }

  /**
   * Puts them in, as one step to undo.
   *
   * @param label the name of the step
   * @return false where the text has changed under one of them, or cannot be changed; then nothing is
   */
  boolean apply(Project project, String label) {
    if (!document.isWritable()) return false;
    CharSequence text = document.getCharsSequence();
    if (!hunks.stream().allMatch(hunk -> hunk.fits(text))) return false;
    Edits.command(project, label, this::replace);
    return true;
  }

  /** They are followed no more. */
  void release() {
    hunks.forEach(hunk -> hunk.place().dispose());
  }

  private void replace() {
    for (int i = hunks.size() - 1; i >= 0; --i) {
      RangeMarker place = hunks.get(i).place();
      document.replaceString(place.getStartOffset(), place.getEndOffset(), hunks.get(i).after());
    }
  }

  private void add(int start, int end, String after) {
    String before = document.getCharsSequence().subSequence(start, end).toString();
    Texts.Change change = Texts.trim(before, after);
    if (change.isNothing()) return;
    RangeMarker place = document.createRangeMarker(start + change.start(), start + change.end());
    hunks.add(new Hunk(place, before.substring(change.start(), change.end()), change.text()));
  }
}
