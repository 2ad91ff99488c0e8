package dragoman.ide.edit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dragoman.ide.testing.OnUi;
import dragoman.ide.testing.Room;
import java.util.List;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.TextEdit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An edit that waits over an editor in which a person goes on working. */
@ExtendWith(OnUi.class)
class ProposalInEditorTest {
  private Room room;
  private Proposal proposal;

  @BeforeEach
  void open() {
    room = new Room("a\nb\nc|\nd\n");
    List<TextEdit> edits = List.of(edit(0, "A\nA2\n"), edit(3, "D\n"));
    proposal = Proposal.of(room.project(), room.document(), Hunks.of(room.document(), edits));
  }

  @AfterEach
  void close() {
    room.close();
  }

  private static TextEdit edit(int line, String text) {
    return new TextEdit(new Range(new Position(line, 0), new Position(line + 1, 0)), text);
  }

  @Test
  void nothingIsChangedUntilItIsAccepted() {
    assertEquals(2, proposal.open().size());
    assertEquals("A\nA2\nb\nc\nD\n", proposal.text());
    assertEquals("a\nb\nc|\nd\n", room.text());
    assertFalse(room.canUndo());
  }

  @Test
  void allOfItIsOneStepToUndoAndTheCaretStaysInItsLine() {
    proposal.acceptAll();
    assertTrue(proposal.ended());
    assertEquals("A\nA2\nb\nc|\nD\n", room.text());
    room.undo();
    assertEquals("a\nb\nc|\nd\n", room.text());
    assertFalse(room.canUndo());
  }

  @Test
  void eachHunkIsAStepOfItsOwn() {
    proposal.accept(proposal.open().get(1));
    proposal.accept(proposal.open().get(0));
    assertTrue(proposal.ended());
    room.undo();
    assertEquals("a\nb\nc|\nD\n", room.text());
    room.undo();
    assertEquals("a\nb\nc|\nd\n", room.text());
  }

  @Test
  void typingInBetweenIsKeptAndItsOwnStep() {
    room.type("++");
    assertFalse(proposal.follow());
    proposal.acceptAll();
    assertEquals("A\nA2\nb\nc++|\nD\n", room.text());
    room.undo();
    assertEquals("a\nb\nc++|\nd\n", room.text());
  }

  @Test
  void whatIsTypedInBetweenAndTakenBackLeavesItAsItWas() {
    room.type("x\ny");
    while (room.canUndo()) room.undo();
    assertFalse(proposal.follow());
    proposal.acceptAll();
    assertEquals("A\nA2\nb\nc|\nD\n", room.text());
  }

  @Test
  void aHunkWhoseLineAPersonChangedIsDroppedAndTheOthersStay() {
    room.moveTo(7);
    room.type("!");
    assertTrue(proposal.follow());
    assertEquals(1, proposal.open().size());
    proposal.acceptAll();
    assertEquals("A\nA2\nb\nc\nd!|\n", room.text());
  }

  @Test
  void aHunkThatWasAcceptedAndTakenBackIsNotOfferedAgain() {
    proposal.accept(proposal.open().get(0));
    room.undo();
    proposal.follow();
    assertEquals(1, proposal.open().size());
    proposal.acceptAll();
    assertEquals("a\nb\nc|\nD\n", room.text());
  }

  @Test
  void whatIsFoldedAwayIsChangedAllTheSame() {
    room.fold(0, 3);
    proposal.acceptAll();
    assertEquals("A\nA2\nb\nc\nD\n", room.document().getText());
  }

  @Test
  void aFileThatBecameReadOnlyKeepsItsTextAndTheProposalItsHunks() {
    room.document().setReadOnly(true);
    proposal.acceptAll();
    assertEquals("a\nb\nc|\nd\n", room.text());
    assertEquals(2, proposal.open().size());
    assertFalse(proposal.note().isEmpty());
  }
}
