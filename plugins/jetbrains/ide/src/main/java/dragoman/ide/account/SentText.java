package dragoman.ide.account;

import dragoman.client.Protocol.SentEntry;
import dragoman.client.Protocol.SentPiece;
import dragoman.ide.Sentences;
import java.text.NumberFormat;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What left the machine as text: a line for each request, below it a line for each thing that its text was made of. Pure. */
final class SentText {
  private final Sentences sentences;
  private final NumberFormat numbers;
  private final DateTimeFormatter clock;

  SentText(Sentences sentences, Locale locale, ZoneId zone) {
    this.sentences = sentences;
    numbers = NumberFormat.getIntegerInstance(locale);
    clock = DateTimeFormatter.ofLocalizedDateTime(FormatStyle.SHORT, FormatStyle.MEDIUM).withLocale(locale).withZone(zone);
  }

  /**
   * {@code entries} in their order, which is newest first; a sentence where there are none, and one at the end where the
   * {@code limit} that was asked for is reached, and older ones may be missing.
   */
  String of(List<SentEntry> entries, int limit) {
    if (entries == null || entries.isEmpty()) return sentences.get("sent.none");
    List<String> heads = aligned(entries.stream().map(this::head).toList());
    StringBuilder out = new StringBuilder();
    for (int at = 0; at < entries.size(); ++at) {
      out.append(heads.get(at)).append('\n');
      for (String piece : pieces(entries.get(at))) out.append("    ").append(piece).append('\n');
    }
    if (entries.size() >= limit) out.append('\n').append(sentences.get("sent.newest", number(limit))).append('\n');
    return out.toString();
  }

  private List<String> head(SentEntry entry) {
    String status = entry.httpStatus() == null ? "" : " " + entry.httpStatus();
    String sums =
        sentences.get(
            "sent.sums", number(entry.bytes()), number(entry.bytesIn()), number(entry.files()), number(entry.masked()));
    return cells(
        orDash(Lines.time(entry.time(), clock)),
        orDash(entry.role()),
        orDash(entry.origin()),
        orDash(entry.model()),
        orDash(entry.outcome()) + status,
        sums);
  }

  private List<String> pieces(SentEntry entry) {
    return entry.pieces() == null ? List.of() : aligned(entry.pieces().stream().map(this::piece).toList());
  }

  private List<String> piece(SentPiece piece) {
    boolean masked = piece.masked() != null && piece.masked() > 0;
    String size =
        masked
            ? sentences.get("sent.pieceMasked", number(piece.bytes()), number(piece.masked()))
            : sentences.get("sent.piece", number(piece.bytes()));
    return cells(orDash(piece.kind()), piece.path() == null ? "" : piece.path(), size);
  }

  private String number(long count) {
    return numbers.format(count);
  }

  private static String orDash(String cell) {
    return cell == null || cell.isEmpty() ? "-" : cell;
  }

  private static List<String> cells(String... cells) {
    return Arrays.stream(cells).map(Lines::part).toList();
  }

  /** Cells under each other; the last is as long as it is. A column without anything takes no room. */
  private static List<String> aligned(List<List<String>> rows) {
    int[] widths = new int[rows.stream().mapToInt(List::size).max().orElse(0)];
    for (List<String> row : rows)
      for (int column = 0; column < row.size(); ++column) widths[column] = Math.max(widths[column], row.get(column).length());
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private static String line(List<String> row, int[] widths) {
    List<String> shown = new ArrayList<>();
    for (int column = 0; column < row.size(); ++column) {
      String cell = row.get(column);
      boolean last = column == row.size() - 1;
      if (widths[column] > 0) shown.add(last ? cell : cell + " ".repeat(widths[column] - cell.length()));
    }
    return String.join("  ", shown);
  }
}
