package dragoman.ide.status;

import dragoman.chat.Figures;
import dragoman.chat.Words;
import dragoman.client.Protocol.Budget;
import dragoman.client.Protocol.Money;
import dragoman.client.Protocol.MoneyLimit;
import dragoman.client.Protocol.TokenLimit;
import dragoman.client.Protocol.UsageRow;
import dragoman.ide.Sentences;
import java.text.NumberFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What today has cost and what is left of the day's budgets, in words. Pure. */
final class Spending {
  private final Sentences sentences;
  private final Words words;

  /** @param words whose language numbers and money are written in */
  Spending(Sentences sentences, Words words) {
    this.sentences = sentences;
    this.words = words;
  }

  /** One sentence each; {@code cost} is what {@link #cost} said, {@code budgets} may be null. */
  List<String> lines(String cost, List<Budget> budgets) {
    List<String> out = new ArrayList<>();
    if (!cost.isEmpty()) out.add(sentences.get("status.today", cost));
    if (budgets != null) for (Budget budget : budgets) out.addAll(lines(budget));
    return out;
  }

  /** The sums by currency; "" where nothing has a price. */
  String cost(List<UsageRow> rows) {
    Map<String, Double> sums = new TreeMap<>();
    for (UsageRow row : rows)
      if (row.cost() != null && row.currency() != null) sums.merge(row.currency(), row.cost(), Double::sum);
    return sums.entrySet().stream().map(sum -> money(sum.getValue(), sum.getKey())).collect(Collectors.joining(" + "));
  }

  private List<String> lines(Budget budget) {
    String scope = scope(budget);
    List<String> out = new ArrayList<>();
    MoneyLimit money = budget.perDay();
    if (money != null && money.left() != null)
      out.add(line(money(money.left(), money.currency()), money(money.amount(), money.currency()), budget) + scope);
    TokenLimit tokens = budget.perDayTokens();
    if (tokens != null && tokens.left() != null)
      out.add(line(sentences.get("status.tokens", number(tokens.left())), number(tokens.limit()), budget) + scope);
    if (budget.trouble() != null) out.add(budget.trouble());
    return out;
  }

  private String line(String left, String limit, Budget budget) {
    return sentences.get(budget.allowed() ? "status.lifted" : "status.left", left, limit);
  }

  /** What it is for, in brackets; "" where it is for everything. */
  private static String scope(Budget budget) {
    String named =
        Stream.of(budget.provider(), budget.folder())
            .filter(name -> name != null && !name.isEmpty())
            .collect(Collectors.joining(", "));
    return named.isEmpty() ? "" : " (" + named + ")";
  }

  private String money(double amount, String currency) {
    return Figures.money(new Money(amount, currency), words);
  }

  private String number(long count) {
    return NumberFormat.getIntegerInstance(words.locale()).format(count);
  }
}
