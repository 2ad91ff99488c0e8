package dragoman.ide.ghost;

import com.intellij.codeInsight.lookup.Lookup;
import com.intellij.codeInsight.lookup.LookupElement;
import com.intellij.codeInsight.lookup.LookupManager;
import com.intellij.openapi.editor.Editor;
import dragoman.client.Protocol.SelectedCompletion;
import dragoman.ide.Positions;
import org.eclipse.lsp4j.Range;

/** What is selected in the IDE's own list of completions, for the daemon to continue. */
final class PopupEntry {
  private PopupEntry() {}

  /** As it would stand at {@code offset}, where the caret is; null where no such list is open. On the UI thread. */
  static SelectedCompletion in(Editor editor, int offset) {
    Lookup popup = LookupManager.getActiveLookup(editor);
    // Live templates and refactorings show their choices in such a list, too.
    if (popup == null || !popup.isCompletion()) return null;
    LookupElement entry = popup.getCurrentItem();
    if (entry == null) return null;
    // Whether it begins with what was typed, and what is suggested where it does not, is the daemon's business.
    Range typed = Positions.before(editor.getDocument(), offset, popup.itemPattern(entry));
    return typed == null ? null : new SelectedCompletion(typed, entry.getLookupString());
  }
}
