package dragoman.ide.status;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dragoman.chat.Words;
import dragoman.client.Protocol.Budget;
import dragoman.client.Protocol.MoneyLimit;
import dragoman.client.Protocol.TokenLimit;
import dragoman.client.Protocol.UsageRow;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class SpendingTest {
  private final Spending spending =
      new Spending((key, params) -> key + Arrays.toString(params), Words.of(Locale.US));

  private static Budget budget(String provider, MoneyLimit money, TokenLimit tokens, boolean allowed, String trouble) {
    return new Budget("budget", provider, null, money, tokens, null, false, allowed, "2026-02-01T00:00:00Z", trouble);
  }

  private static UsageRow row(Double cost, String currency) {
    return new UsageRow("g/m", 1, 10, 5, null, cost, currency);
  }

  @Test
  void whatIsLeftIsToldInMoneyAndInTokens() {
    Budget both = budget(null, new MoneyLimit(5, "USD", 1.25, 3.75), new TokenLimit(2_000_000, 500_000L, 1_500_000L), false, null);
    assertEquals(
        List.of("status.left[$3.75, $5.00]", "status.left[status.tokens[1,500,000], 2,000,000]"),
        spending.lines("", List.of(both)));
  }

  @Test
  void aBudgetSaysWhatItIsForAndThatItWasLifted() {
    Budget lifted = budget("work", null, new TokenLimit(100, 100L, 0L), true, null);
    assertEquals(List.of("status.lifted[status.tokens[0], 100] (work)"), spending.lines("", List.of(lifted)));
  }

  @Test
  void aBudgetThatCannotBeCheckedSaysWhyInsteadOfANumber() {
    Budget unread = budget(null, new MoneyLimit(5, "USD", null, null), null, false, "The database cannot be read.");
    assertEquals(List.of("The database cannot be read."), spending.lines("", List.of(unread)));
  }

  @Test
  void todaysCostIsOneSumForEachCurrencyAndNothingWithoutPrices() {
    assertEquals("CN¥2.00 + $0.35", spending.cost(List.of(row(0.25, "USD"), row(2.0, "CNY"), row(0.1, "USD"), row(null, null))));
    assertEquals("", spending.cost(List.of(row(null, null))));
    assertEquals(List.of("status.today[$0.35]"), spending.lines("$0.35", null));
    assertEquals(List.of(), spending.lines("", List.of()));
  }
}
