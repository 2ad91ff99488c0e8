package dragoman.ide.edit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.intellij.openapi.editor.Document;
import com.intellij.openapi.editor.Editor;
import com.intellij.openapi.editor.event.DocumentEvent;
import com.intellij.openapi.editor.event.DocumentListener;
import com.intellij.openapi.editor.event.EditorFactoryEvent;
import com.intellij.openapi.editor.impl.DocumentImpl;
import dragoman.ide.Platform;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When proposals begin, follow and end, over real documents. */
class ProposalsTest {
  private final Platform platform = new Platform();
  private final Document document = new DocumentImpl("one\ntwo\n", true);
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final List<String> told = new ArrayList<>();
  private final Proposals proposals = new Proposals(tasks::add, told::add, Shown::new);
  private final Editor own = editor(false);
  private final Editor side = editor(true);

  private record Shown(Proposal proposal) implements Proposals.Window {
    @Override
    public boolean shows(Editor editor) {
      return editor.isViewer();
    }

    @Override
    public HunkBar.Actions actions() {
      return null;
    }

    @Override
    public void show() {}
  }

  private Editor editor(boolean viewer) {
    return Platform.fake(Editor.class, (method, arguments) ->
        switch (method) {
          case "getDocument" -> document;
          case "isViewer" -> viewer;
          default -> null;
        });
  }

  @BeforeEach
  void listen() {
    platform.show(own, side);
    document.addDocumentListener(new DocumentListener() {
      @Override
      public void documentChanged(DocumentEvent event) {
        proposals.documentChanged(event);
      }
    });
  }

  @AfterEach
  void close() {
    platform.close();
  }

  private Proposal shown() {
    Proposal proposal = Proposal.of(null, document, Hunks.of(document, 0, 8, "ONE\ntwo\n"));
    proposals.show(proposal);
    return proposal;
  }

  private void released(Editor editor) {
    proposals.editorReleased(new EditorFactoryEvent(platform.editors(), editor));
    runTasks();
  }

  private void runTasks() {
    while (!tasks.isEmpty()) tasks.poll().run();
  }

  @Test
  void aDocumentHasOneProposalAndTheNewerEndsTheOlder() {
    Proposal first = shown();
    Proposal second = shown();
    assertTrue(first.ended());
    assertFalse(second.ended());
    assertSame(second, proposals.of(side).proposal());
    second.end();
    assertNull(proposals.of(side));
  }

  @Test
  void itEndsWithTheLastEditorOfItsDocument() {
    Proposal proposal = shown();
    Editor other = editor(false);
    platform.show(own, other, side);
    released(other);
    assertFalse(proposal.ended());
    platform.show(own, side);
    released(own);
    assertTrue(proposal.ended());
  }

  @Test
  void itsOwnSideIsNoEditorThatItWouldEndWith() {
    Proposal proposal = shown();
    released(side);
    assertFalse(proposal.ended());
  }

  @Test
  void itEndsWithTheProject() {
    Proposal proposal = shown();
    proposals.dispose();
    assertTrue(proposal.ended());
  }

  @Test
  void aChangeIsFollowedOnceItIsOverAndALostProposalIsSaid() {
    Proposal proposal = shown();
    Platform.command(() -> document.insertString(8, "three\n"));
    runTasks();
    assertFalse(proposal.ended());
    assertEquals("ONE\ntwo\nthree\n", proposal.text());
    Platform.command(() -> {
      document.replaceString(0, 1, "0");
      assertFalse(proposal.ended());
    });
    assertFalse(proposal.ended());
    runTasks();
    assertTrue(proposal.ended());
    assertEquals(1, told.size());
  }

  @Test
  void whatItAcceptsItselfIsNoChangeByOthers() {
    Proposal proposal = shown();
    proposal.acceptAll();
    runTasks();
    assertEquals("ONE\ntwo\n", document.getText());
    assertTrue(proposal.ended());
    assertEquals(List.of(), told);
  }
}
