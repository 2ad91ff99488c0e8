package dragoman.ide.edit;

import static dragoman.ide.Platform.command;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.intellij.openapi.editor.Document;
import com.intellij.openapi.editor.impl.DocumentImpl;
import dragoman.ide.Platform;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.TextEdit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An edit from its first piece to its last hunk, over a real document. */
class ProposalTest {
  private static final String TEXT = "zero\none\ntwo\nthree\nfour\n";

  private final Platform platform = new Platform();
  private final Document document = new DocumentImpl(TEXT, true);
  private final List<String> heard = new ArrayList<>();

  @AfterEach
  void close() {
    platform.close();
  }

  private Proposal watched(Proposal proposal) {
    proposal.addListener(new Proposal.Listener() {
      @Override
      public void changed() {
        heard.add("changed");
      }

      @Override
      public void ended() {
        heard.add("ended");
      }
    });
    return proposal;
  }

  /** For the lines "one" to "three". */
  private Proposal streaming() {
    return watched(Proposal.streaming(null, document, 5, 19));
  }

  private static TextEdit edit(int line, String text) {
    return new TextEdit(new Range(new Position(line, 0), new Position(line + 1, 0)), text);
  }

  private Proposal settled() {
    Proposal proposal = streaming();
    assertEquals(Proposal.Outcome.OPEN, proposal.settle(1, 1, List.of(edit(3, "THREE\n"), edit(1, "ONE\n"))));
    return proposal;
  }

  @Test
  void whatHasComeIsShownInPlaceOfTheLinesThatItReplacesAndTheDocumentStaysAsItIs() {
    Proposal proposal = streaming();
    assertEquals(TEXT, proposal.text());
    proposal.stream("ONE\nTW");
    assertEquals("zero\nONE\nTW\nthree\nfour\n", proposal.text());
    assertEquals("zero\nONE\nTW".length(), proposal.tip());
    assertTrue(proposal.open().isEmpty());
    assertEquals(TEXT, document.getText());
  }

  @Test
  void theGrowingTextMovesWithTheDocument() {
    Proposal proposal = streaming();
    proposal.stream("ONE\n");
    command(() -> document.insertString(0, "new\n"));
    assertFalse(proposal.follow());
    assertEquals("new\nzero\nONE\ntwo\nthree\nfour\n", proposal.text());
  }

  @Test
  void aSelectionThatIsGoneIsShownAsGone() {
    Proposal proposal = streaming();
    proposal.stream("ONE\n");
    command(() -> document.deleteString(0, document.getTextLength()));
    proposal.follow();
    assertEquals("", proposal.text());
    assertEquals(-1, proposal.tip());
  }

  @Test
  void theWholeAnswerIsItsHunksWhateverWasStreamed() {
    Proposal proposal = streaming();
    proposal.stream("something else");
    proposal.settle(1, 1, List.of(edit(1, "ONE\n")));
    assertEquals("zero\nONE\ntwo\nthree\nfour\n", proposal.text());
    assertEquals(-1, proposal.tip());
    proposal.stream("late");
    assertEquals("zero\nONE\ntwo\nthree\nfour\n", proposal.text());
  }

  @Test
  void anAnswerForATextThatIsNoMoreIsNotTaken() {
    Proposal proposal = streaming();
    assertEquals(Proposal.Outcome.STALE, proposal.settle(1, 2, List.of(edit(1, "ONE\n"))));
    assertTrue(proposal.ended());
    assertEquals("ended", heard.get(heard.size() - 1));
  }

  @Test
  void anAnswerThatChangesNothingIsTheEnd() {
    assertEquals(Proposal.Outcome.NOTHING, streaming().settle(null, 1, List.of()));
    assertEquals(Proposal.Outcome.NOTHING, streaming().settle(1, 1, List.of(edit(1, "one\n"))));
  }

  @Test
  void oneChangeIsTakenOverAndTheOtherStaysOpen() {
    Proposal proposal = settled();
    proposal.accept(proposal.open().get(1));
    assertEquals("zero\none\ntwo\nTHREE\nfour\n", document.getText());
    assertEquals("zero\nONE\ntwo\nTHREE\nfour\n", proposal.text());
    assertEquals(1, proposal.open().size());
    assertFalse(proposal.ended());
    proposal.accept(proposal.open().get(0));
    assertEquals("zero\nONE\ntwo\nTHREE\nfour\n", document.getText());
    assertTrue(proposal.ended());
  }

  @Test
  void aDiscardedChangeLeavesThePreviewAndTheLastOneIsTheEnd() {
    Proposal proposal = settled();
    proposal.discard(proposal.open().get(0));
    assertEquals("zero\none\ntwo\nTHREE\nfour\n", proposal.text());
    proposal.discard(proposal.open().get(0));
    assertTrue(proposal.ended());
    assertEquals(TEXT, document.getText());
  }

  @Test
  void allAreTakenOverAtOnce() {
    Proposal proposal = settled();
    proposal.acceptAll();
    assertEquals("zero\nONE\ntwo\nTHREE\nfour\n", document.getText());
    assertTrue(proposal.ended());
  }

  @Test
  void aChangeUnderOneHunkTakesThatOneBackAndSaysSo() {
    Proposal proposal = settled();
    command(() -> document.replaceString(5, 6, "O"));
    assertTrue(proposal.follow());
    assertEquals(1, proposal.open().size());
    assertFalse(proposal.note().isEmpty());
    proposal.acceptAll();
    assertEquals("zero\nOne\ntwo\nTHREE\nfour\n", document.getText());
  }

  @Test
  void aChangeUnderTheLastHunkIsTheEnd() {
    Proposal proposal = settled();
    command(() -> document.setText("other"));
    assertTrue(proposal.follow());
    assertTrue(proposal.ended());
    assertFalse(proposal.follow());
  }

  @Test
  void aFileThatCannotBeChangedKeepsItsProposalAndSaysSo() {
    Proposal proposal = settled();
    document.setReadOnly(true);
    proposal.acceptAll();
    assertFalse(proposal.ended());
    assertEquals(2, proposal.open().size());
    assertFalse(proposal.note().isEmpty());
    assertEquals(TEXT, document.getText());
  }

  @Test
  void nothingIsToldAfterTheEndAndNothingChanges() {
    Proposal proposal = settled();
    proposal.end();
    heard.clear();
    proposal.end();
    proposal.stream("x");
    proposal.say("x");
    proposal.acceptAll();
    assertEquals(List.of(), heard);
    assertEquals(TEXT, document.getText());
  }
}
