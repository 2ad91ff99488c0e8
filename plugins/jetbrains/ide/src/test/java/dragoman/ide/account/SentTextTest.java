package dragoman.ide.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dragoman.client.Protocol.SentEntry;
import dragoman.client.Protocol.SentPiece;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class SentTextTest {
  private static final int LIMIT = 100;

  private final SentText text =
      new SentText((key, params) -> key + Arrays.toString(params), Locale.UK, ZoneId.of("Asia/Shanghai"));

  private static SentEntry entry(String role, String model, String outcome, Integer status, SentPiece... pieces) {
    return new SentEntry(
        "2026-01-31T18:09:10Z", "https://gw.example", role, 4000, 30, 12, outcome, status, "gw", model, null, 2, 1, List.of(pieces));
  }

  @Test
  void aRequestIsALineInColumnsAndBelowItIsWhatItWasMadeOf() {
    SentPiece file = new SentPiece("file", "src/a.c", 3900, 2L);
    SentPiece prompt = new SentPiece("prompt", null, 70, null);
    assertEquals(
        """
        01/02/2026, 02:09:10  chat     https://gw.example  gw/large  answered 200  sent.sums[4,000, 30, 1, 2]
            file    src/a.c  sent.pieceMasked[3,900, 2]
            prompt           sent.piece[70]
        01/02/2026, 02:09:10  connect  https://gw.example  -         connected     sent.sums[4,000, 30, 1, 2]
        """,
        text.of(List.of(entry("chat", "gw/large", "answered", 200, file, prompt), entry("connect", null, "connected", null)), LIMIT));
  }

  @Test
  void aColumnOfNothingTakesNoRoomAndARequestForNothingKeepsItsPlace() {
    assertEquals(
        """
        01/02/2026, 02:09:10  -  https://gw.example  gw/m  failed  sent.sums[4,000, 30, 1, 2]
            prompt  sent.piece[7]
        """,
        text.of(List.of(entry("", "gw/m", "failed", null, new SentPiece("prompt", null, 7, 0L))), LIMIT));
  }

  @Test
  void theNameOfAFileMakesNoLineOfItsOwnAndTurnsNoneAround() {
    SentPiece piece = new SentPiece("file", "a\n08:00  chat\u2028\u0085b\u001b[2J\u202ec", 1, null);
    SentPiece prompt = new SentPiece("prompt", null, 1, null);
    String[] lines = text.of(List.of(entry("chat", "gw/m", "answered", 200, piece, prompt)), LIMIT).split("[\n\u2028\u0085]");
    assertEquals(3, lines.length);
    assertEquals("    file    a 08:00  chat  b [2JU+202Ec  sent.piece[1]", lines[1]);
    assertEquals(lines[1].indexOf("sent.piece"), lines[2].indexOf("sent.piece"), "in columns after cleaning");
  }

  @Test
  void nothingIsASentenceAndAListThatMayGoOnSaysSo() {
    assertEquals("sent.none[]", text.of(List.of(), LIMIT));
    assertEquals("sent.none[]", text.of(null, LIMIT));
    SentEntry one = entry("chat", "gw/m", "answered", 200);
    assertFalse(text.of(Collections.nCopies(LIMIT - 1, one), LIMIT).contains("sent.newest"));
    assertTrue(text.of(Collections.nCopies(LIMIT, one), LIMIT).endsWith("\n\nsent.newest[100]\n"));
  }

  @Test
  void whatTheDaemonDoesNotSayIsADash() {
    SentEntry bare = new SentEntry("soon", null, null, 0, 0, 0, "closed", null, null, null, null, 0, 0, null);
    assertEquals("soon  -  -  -  closed  sent.sums[0, 0, 0, 0]\n", text.of(List.of(bare), LIMIT));
  }
}
