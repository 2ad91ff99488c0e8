package dragoman.chat;

import java.util.List;

/**
 * One question and its answer, as they are shown. The head is replaced as a whole; the two texts only grow. Confined to
 * the UI thread.
 */
public final class Turn {
  public enum State {
    STREAMING,
    COMPLETE,
    /** The model stopped at its limit. */
    CUT,
    /** The provider's filter stopped it. */
    FILTERED,
    CANCELLED,
    FAILED;

    /** How an answer has ended that neither failed nor was cancelled. */
    static State after(String finishReason) {
      return switch (finishReason == null ? "" : finishReason) {
        case "length" -> CUT;
        case "contentFilter" -> FILTERED;
        default -> COMPLETE;
      };
    }
  }

  /**
   * @param id the daemon's, "" until it has told it
   * @param attached names of what the question took along
   * @param model {@code provider/model}, or "" while the daemon has not said
   * @param notice what there is to say of it besides: a retry, a reason, or ""
   * @param figures tokens and money in words, or ""
   * @param lost the daemon that wrote it is gone, so it cannot be continued
   */
  public record Head(
      String id,
      String prompt,
      List<String> attached,
      String model,
      State state,
      String notice,
      String figures,
      boolean lost) {
    public static Head asked(String id, String prompt, List<String> attached, String model) {
      return new Head(id, prompt, List.copyOf(attached), model, State.STREAMING, "", "", false);
    }

    public Head withId(String now, String by) {
      return new Head(now, prompt, attached, by, state, "", figures, lost);
    }

    public Head withModel(String now, String why) {
      return new Head(id, prompt, attached, now, state, why, figures, lost);
    }

    public Head withNotice(String now) {
      return new Head(id, prompt, attached, model, state, now, figures, lost);
    }

    public Head ended(State how, String why, String took) {
      return new Head(id, prompt, attached, model, how, why, took, lost);
    }

    public Head asLost() {
      return new Head(id, prompt, attached, model, state, notice, figures, true);
    }

    public boolean streaming() {
      return state == State.STREAMING;
    }

    /** Whether the daemon can be asked to write a broken answer to its end. */
    public boolean canContinue() {
      return !streaming() && state != State.COMPLETE && !id.isEmpty() && !lost;
    }

    public boolean canFork() {
      return !streaming() && !id.isEmpty();
    }
  }

  private Head head;
  private final StringBuilder reasoning;
  private final StringBuilder text;

  public Turn(Head head, String reasoning, String text) {
    this.head = head;
    this.reasoning = new StringBuilder(reasoning);
    this.text = new StringBuilder(text);
  }

  public Head head() {
    return head;
  }

  public String reasoning() {
    return reasoning.toString();
  }

  public String text() {
    return text.toString();
  }

  void set(Head now) {
    head = now;
  }

  void grow(String moreReasoning, String moreText) {
    reasoning.append(moreReasoning);
    text.append(moreText);
  }
}
