package dragoman.chat;

import dragoman.client.Protocol;
import java.text.NumberFormat;
import java.util.Currency;

/** Tokens and money in words. */
public final class Figures {
  private Figures() {}

  /** What an answer took, "" where nobody counted. Both may be null. */
  public static String of(Protocol.Usage usage, Protocol.Money cost, Words words) {
    StringBuilder out = new StringBuilder();
    if (usage != null) out.append(words.get("tokens", usage.inputTokens(), usage.outputTokens()));
    if (cost != null) out.append(out.length() == 0 ? "" : " \u00b7 ").append(money(cost, words));
    return out.toString();
  }

  /** A gateway may count in points: what is no code of ISO 4217 stands behind the number as it is. */
  public static String money(Protocol.Money money, Words words) {
    try {
      NumberFormat format = NumberFormat.getCurrencyInstance(words.locale());
      format.setCurrency(Currency.getInstance(money.currency()));
      format.setMaximumFractionDigits(4);
      return format.format(money.amount());
    } catch (IllegalArgumentException | NullPointerException notACode) {
      NumberFormat format = NumberFormat.getNumberInstance(words.locale());
      return (format.format(money.amount()) + " " + (money.currency() == null ? "" : money.currency())).strip();
    }
  }
}
