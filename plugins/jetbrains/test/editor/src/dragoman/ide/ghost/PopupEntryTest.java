package dragoman.ide.ghost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.intellij.codeInsight.lookup.LookupElement;
import com.intellij.codeInsight.lookup.LookupEx;
import com.intellij.codeInsight.lookup.LookupManager;
import dragoman.client.Protocol.SelectedCompletion;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the daemon hears of the IDE's own list of completions, where the caret is. The list is a stand-in. */
class PopupEntryTest extends GhostRoom {
  @AfterEach
  void closeTheList() {
    LookupManager.open = null;
  }

  private static void list(String selected, String typed, boolean completion) {
    LookupElement entry = new LookupElement() {
      @Override
      public String getLookupString() {
        return selected;
      }
    };
    LookupManager.open = new LookupEx() {
      @Override
      public LookupElement getCurrentItem() {
        return selected == null ? null : entry;
      }

      @Override
      public boolean isCompletion() {
        return completion;
      }

      @Override
      public String itemPattern(LookupElement element) {
        return typed;
      }
    };
  }

  private SelectedCompletion heard() {
    return PopupEntry.in(room.editor(), room.editor().getCaretModel().getOffset());
  }

  @Test
  void theSelectedEntryStandsInPlaceOfWhatWasTypedForIt() {
    list("return", "ret", true);
    assertEquals(new SelectedCompletion(new Range(new Position(1, 2), new Position(1, 5)), "return"), heard());
  }

  @Test
  void anEntryThatWasFoundByItsHumpsIsTheDaemonsToJudge() {
    list("getResult", "ret", true);
    assertEquals("getResult", heard().text());
  }

  @Test
  void noListNoEntryAnotherKindOfListAndAListOfAnotherPlaceAreNone() {
    assertNull(heard());
    list(null, "ret", true);
    assertNull(heard());
    list("return", "ret", false);
    assertNull(heard());
    list("return", "retu", true);
    assertNull(heard());
  }
}
