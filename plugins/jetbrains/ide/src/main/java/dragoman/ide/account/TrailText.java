package dragoman.ide.account;

import dragoman.client.Protocol.TrailEntry;
import dragoman.client.Protocol.TrailStep;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The daemon's account of its last suggestions as text: a line for each request, below it what led to its outcome. Pure. */
final class TrailText {
  private final UnaryOperator<String> shorten;
  private final DateTimeFormatter clock;

  /** @param shorten turns a URI into the path that a person knows */
  TrailText(UnaryOperator<String> shorten, Locale locale, ZoneId zone) {
    this.shorten = shorten;
    clock = DateTimeFormatter.ofLocalizedTime(FormatStyle.MEDIUM).withLocale(locale).withZone(zone);
  }

  /** {@code entries} in their order, which is newest first; "" where there are none. */
  String of(List<TrailEntry> entries) {
    return entries == null ? "" : entries.stream().map(this::of).collect(Collectors.joining("\n"));
  }

  private String of(TrailEntry entry) {
    String total = entry.timings() == null ? null : entry.timings().totalMs() + " ms";
    String head =
        Stream.of(Lines.time(entry.time(), clock), place(entry), entry.outcome(), entry.source(), entry.model(), total)
            .filter(Objects::nonNull)
            .collect(Collectors.joining("  "));
    List<TrailStep> steps = entry.steps() == null ? List.of() : entry.steps();
    return Lines.part(head) + "\n" + steps.stream().map(TrailText::of).collect(Collectors.joining());
  }

  private static String of(TrailStep step) {
    return "    " + Lines.part(step.step() + ": " + step.detail()) + "\n";
  }

  /** Lines and columns as an editor counts them. */
  private String place(TrailEntry entry) {
    if (entry.uri() == null || entry.position() == null) return null;
    int line = entry.position().getLine() + 1;
    return shorten.apply(entry.uri()) + ":" + line + ":" + (entry.position().getCharacter() + 1);
  }
}
