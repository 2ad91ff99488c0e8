package dragoman.ide.status;

import dragoman.client.Dragoman.Life;
import dragoman.client.Protocol.Status;
import dragoman.ide.Sentences;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;

/**
 * The daemon's state in words. Pure.
 *
 * @param text short, for the bar
 * @param tooltip one sentence
 * @param trouble whether a person is asked to do something
 */
record StatusLook(String text, String tooltip, boolean trouble) {
  /** {@code status} is null while no daemon runs. */
  static StatusLook of(Life life, Status status, boolean enabledHere, Sentences words) {
    switch (life) {
      case STOPPED:
        return new StatusLook("dragoman", words.get("status.stopped"), false);
      case UNTRUSTED:
        return new StatusLook("dragoman \u2298", words.get("status.untrusted"), false);
      case STARTING:
        return new StatusLook("dragoman \u2026", words.get("status.starting"), false);
      case WAITING:
        return new StatusLook("dragoman \u26a0", words.get("status.waiting"), true);
      case FAILED:
        return new StatusLook("dragoman \u2715", words.get("status.failed"), true);
      default:
        return status == null
            ? new StatusLook("dragoman", words.get("status.noModel"), false)
            : running(status, enabledHere, words);
    }
  }

  private static StatusLook running(Status status, boolean enabledHere, Sentences words) {
    String message = status.message() == null ? "" : status.message();
    switch (status.state() == null ? "" : status.state()) {
      case "error":
        return new StatusLook("dragoman \u2715", message, true);
      case "limited":
        String until = clock(status.limitedUntil());
        String said = until.isEmpty() ? message : words.get("status.limited", until, message);
        return new StatusLook(("dragoman \u23f2 " + until).strip(), said, true);
      case "busy":
        return new StatusLook("dragoman \u21bb", message.isEmpty() ? words.get("status.busy") : message, false);
      default:
        break;
    }
    if (!enabledHere || (status.completion() != null && !status.completion().enabled()))
      return new StatusLook("dragoman \u2298", words.get("status.off"), false);
    String model = status.completion() == null ? null : status.completion().model();
    String said = model == null || model.isEmpty() ? words.get("status.noModel") : words.get("status.ready", model);
    return new StatusLook("dragoman", said, false);
  }

  private static String clock(String time) {
    try {
      return DateTimeFormatter.ofLocalizedTime(FormatStyle.SHORT)
          .withZone(ZoneId.systemDefault())
          .format(Instant.parse(time));
    } catch (DateTimeException | NullPointerException notOne) {
      return "";
    }
  }
}
