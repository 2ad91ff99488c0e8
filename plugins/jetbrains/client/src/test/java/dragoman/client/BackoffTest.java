package dragoman.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class BackoffTest {
  private final Backoff backoff = new Backoff(10, 20, 30);

  private void assertGivesUpAfter(long... delays) {
    for (long delay : delays) assertEquals(delay, backoff.ended(0));
    assertEquals(-1, backoff.ended(0));
  }

  @Test
  void pausesGrowUntilItGivesUp() {
    assertGivesUpAfter(10, 20, 30);
    assertEquals(-1, backoff.ended(0));
  }

  @Test
  void aDaemonThatRanLongMakesUpForEarlierEnds() {
    backoff.ended(0);
    backoff.ended(0);
    backoff.started(1_000);
    assertEquals(10, backoff.ended(1_000 + Backoff.HEALTHY_MS));
  }

  @Test
  void aDaemonThatRanShortlyDoesNot() {
    backoff.ended(0);
    backoff.started(1_000);
    assertEquals(20, backoff.ended(1_000 + Backoff.HEALTHY_MS - 1));
  }

  @Test
  void timeBeforeAStartThatCameToNothingCountsForNothing() {
    backoff.started(0);
    backoff.ended(1);
    assertEquals(20, backoff.ended(1 + 2 * Backoff.HEALTHY_MS));
  }

  @Test
  void aPersonForgivesEverything() {
    backoff.ended(0);
    backoff.started(5);
    backoff.reset();
    assertGivesUpAfter(10, 20, 30);
  }
}
