package dragoman.ide.ghost;

import com.intellij.openapi.actionSystem.AnActionEvent;
import com.intellij.openapi.actionSystem.CommonDataKeys;
import com.intellij.openapi.actionSystem.DataContext;
import com.intellij.openapi.actionSystem.Presentation;
import com.intellij.openapi.editor.Inlay;
import dragoman.client.GhostText;
import dragoman.client.Protocol.InlineCompletionItem;
import dragoman.ide.testing.OnUi;
import dragoman.ide.testing.Room;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** A C program in a real editor, with the caret where a suggestion fits, and the plugin's presenter and listeners at work. */
@ExtendWith(OnUi.class)
abstract class GhostRoom {
  static final String TEXT = "int main() {\n  ret|\n}\n";

  Room room;
  GhostPresenter presenter;

  @BeforeEach
  final void open() {
    room = new Room(TEXT);
    presenter = GhostPresenter.of(room.editor());
  }

  @AfterEach
  final void close() {
    room.close();
  }

  /** Shows suggestions at the caret, as when they come from the daemon. */
  final void show(String... texts) {
    int caret = room.editor().getCaretModel().getOffset();
    presenter.show(
        List.of(texts).stream().map(text -> GhostText.at(caret, new InlineCompletionItem(text, null, null))).toList());
  }

  /** What the editor holds besides its text: {@code offset: lines}, and {@code below} for a block. */
  final List<String> drawn() {
    return room.inlays().stream().map(this::describe).toList();
  }

  private String describe(Inlay<?> inlay) {
    boolean below = room.editor().getInlayModel().getBlockElementsInRange(inlay.getOffset(), inlay.getOffset()).contains(inlay);
    return inlay.getOffset() + (below ? " below: " : ": ") + String.join("|", ((GhostRenderer) inlay.getRenderer()).lines());
  }

  /** Presses the key of {@code action}, where it is enabled. Whether it was. */
  final boolean press(GhostAction action) {
    DataContext here = key -> CommonDataKeys.EDITOR.is(key) ? room.editor() : null;
    AnActionEvent event = new AnActionEvent(null, here, "editor", new Presentation(), null, 0);
    action.update(event);
    if (!event.getPresentation().isEnabled()) return false;
    action.actionPerformed(event);
    return true;
  }
}
