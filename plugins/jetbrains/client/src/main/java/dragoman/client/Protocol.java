package dragoman.client;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.TypeAdapter;
import com.google.gson.annotations.JsonAdapter;
import com.google.gson.annotations.SerializedName;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.eclipse.lsp4j.Command;
import org.eclipse.lsp4j.Diagnostic;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.TextDocumentIdentifier;
import org.eclipse.lsp4j.WorkspaceEdit;

/**
 * The daemon's own methods as types; docs/protocol.md is their source, and no type here says more than it does. What LSP
 * itself defines comes from LSP4J. A component that the page marks with {@code ?} may be null, and null is not sent; where
 * the page gives null a meaning of its own, {@link Nullable} sends it.
 */
public final class Protocol {
  private Protocol() {}

  /** A string or null on the wire. Gson leaves out what is null, and LSP4J's is made so. */
  static final class Nullable extends TypeAdapter<String> {
    @Override
    public void write(JsonWriter out, String value) throws IOException {
      boolean usual = out.getSerializeNulls();
      out.setSerializeNulls(true);
      out.value(value);
      out.setSerializeNulls(usual);
    }

    @Override
    public String read(JsonReader in) throws IOException {
      if (in.peek() != JsonToken.NULL) return in.nextString();
      in.nextNull();
      return null;
    }
  }

  public record Money(double amount, String currency) {}

  public record Usage(long inputTokens, long outputTokens, Long cachedInputTokens, Long reasoningTokens) {}

  /** {@code data} of an error -32803. */
  public record Failure(
      String kind,
      String provider,
      String model,
      Integer httpStatus,
      String upstreamCode,
      String upstreamMessage,
      String requestId,
      Long retryAfterMs,
      String partialText,
      String hint,
      String message) {}

  // Status

  /** {@code state} is idle, busy, limited or error. */
  public record Status(
      String state,
      String message,
      CompletionStatus completion,
      ChatStatus chat,
      int inFlight,
      String limitedUntil,
      List<Budget> budgets,
      Failure error) {}

  public record CompletionStatus(boolean enabled, String model) {}

  public record ChatStatus(String model) {}

  // Inline completion

  /** {@code triggerKind}: {@link #INVOKED} or {@link #AUTOMATIC}. {@code selectedCompletionInfo} may be null. */
  public record InlineCompletionContext(int triggerKind, SelectedCompletion selectedCompletionInfo) {
    public static final int INVOKED = 1;
    public static final int AUTOMATIC = 2;
  }

  /** The entry that is selected in the editor's own list: {@code text} would stand in place of {@code range}. */
  public record SelectedCompletion(Range range, String text) {}

  public record InlineCompletionParams(
      TextDocumentIdentifier textDocument, Position position, InlineCompletionContext context) {}

  /** {@code range} is on one line and ends at the cursor; {@code insertText} begins with the text that it covers. */
  public record InlineCompletionItem(String insertText, Range range, Command command) {}

  public record InlineCompletions(List<InlineCompletionItem> items) {}

  public record ShownCompletion(InlineCompletionItem item) {}

  /** {@code acceptedLength} counts UTF-16 units of {@code insertText}, from its beginning. */
  public record PartlyAcceptedCompletion(InlineCompletionItem item, int acceptedLength) {}

  /** Null: no document has the focus. */
  public record Focus(TextDocumentIdentifier textDocument) {}

  public record TrailParams(TextDocumentIdentifier textDocument, Integer limit) {}

  public record Trail(List<TrailEntry> entries) {}

  public record TrailEntry(
      String time,
      String uri,
      Position position,
      String outcome,
      String source,
      String model,
      Timings timings,
      List<TrailStep> steps) {}

  public record Timings(long debounceMs, long firstByteMs, long totalMs) {}

  public record TrailStep(String step, String detail) {}

  // Streams

  /**
   * One {@code $/progress} of a chat, an edit or a commit message. {@code kind} says which of the others are there:
   * begin (conversation, turn, model, leftOut, masked), reasoning and text (text), retry (attempt, delayMs, reason),
   * fallback (model, reason), toolCall (id, name, arguments, state). Kinds that are not known are to be passed over.
   */
  public record StreamEvent(
      String kind,
      String conversation,
      String turn,
      String model,
      String text,
      Integer attempt,
      Long delayMs,
      String reason,
      LeftOut leftOut,
      Integer masked,
      String id,
      String name,
      JsonElement arguments,
      String state) {}

  /** What did not fit: how many of the oldest turns, and the titles of attachments that were cut or left out. */
  public record LeftOut(int turns, List<String> items) {}

  /** Options of one request; all may be null. */
  public record Options(
      Double temperature,
      Double topP,
      Integer maxTokens,
      List<String> stop,
      Long seed,
      String reasoningEffort,
      String systemPrompt,
      JsonObject extraBody) {}

  // Chat

  /** Something attached to a question; made by the functions below. */
  public record ContextItem(
      String kind,
      String uri,
      Range range,
      String text,
      String label,
      List<Diagnostic> diagnostics,
      Boolean staged,
      String mimeType,
      String data) {
    public static ContextItem file(String uri) {
      return new ContextItem("file", uri, null, null, null, null, null, null, null);
    }

    public static ContextItem range(String uri, Range range) {
      return new ContextItem("range", uri, range, null, null, null, null, null, null);
    }

    /** {@code label} may be null. */
    public static ContextItem text(String text, String label) {
      return new ContextItem("text", null, null, text, label, null, null, null, null);
    }

    public static ContextItem diagnostics(String uri, List<Diagnostic> diagnostics) {
      return new ContextItem("diagnostics", uri, null, null, null, diagnostics, null, null, null);
    }

    public static ContextItem gitDiff(boolean staged) {
      return new ContextItem("gitDiff", null, null, null, null, null, staged, null, null);
    }

    /** {@code data} in base64. */
    public static ContextItem image(String mimeType, String data) {
      return new ContextItem("image", null, null, null, null, null, null, mimeType, data);
    }
  }

  /**
   * A question. {@code conversation} null: a new one. {@code replaceTurn}: this turn and those after it are replaced;
   * with {@code keepText} its text so far is kept and extended. {@link Dragoman} fills {@code partialResultToken} in.
   */
  public record ChatSend(
      String conversation,
      TextDocumentIdentifier textDocument,
      String prompt,
      List<ContextItem> context,
      String model,
      Options options,
      String replaceTurn,
      @SerializedName("continue") Boolean keepText,
      String partialResultToken) {
    ChatSend withToken(String token) {
      return new ChatSend(
          conversation, textDocument, prompt, context, model, options, replaceTurn, keepText, token);
    }
  }

  /**
   * {@code finishReason} is stop, length, toolCalls or contentFilter; {@code masked} counts the likely secrets that
   * the model was not shown, null for none.
   */
  public record ChatResult(
      String conversation,
      String turn,
      String text,
      String reasoning,
      JsonElement toolCalls,
      String model,
      String finishReason,
      Usage usage,
      Money cost,
      LeftOut leftOut,
      Integer masked) {}

  /** A turn as it is kept: {@code finishReason}, or {@code status} (running, cancelled, failed) where it has no end. */
  public record ChatTurn(
      String id,
      String prompt,
      List<ContextItem> context,
      String text,
      String reasoning,
      String model,
      String created,
      String finishReason,
      String status,
      Usage usage,
      Money cost,
      Failure error) {}

  public record ChatHead(String id, String title, String created, String updated, int turns, String model) {}

  public record ChatListParams(Integer limit, Integer offset, String query) {}

  public record ChatList(List<ChatHead> conversations) {}

  public record ConversationParams(String conversation) {}

  public record Conversation(String id, String title, List<ChatTurn> turns) {}

  public record RenameParams(String conversation, String title) {}

  public record ForkParams(String conversation, String turn) {}

  public record Fork(String conversation) {}

  /** {@code format} is markdown or json. */
  public record ExportParams(String conversation, String format) {}

  public record Export(String text) {}

  // Edits and commit messages

  /** {@link Dragoman} fills {@code partialResultToken} in. */
  public record EditParams(
      TextDocumentIdentifier textDocument,
      Range range,
      String instruction,
      String model,
      Options options,
      String partialResultToken) {
    EditParams withToken(String token) {
      return new EditParams(textDocument, range, instruction, model, options, token);
    }
  }

  /**
   * {@code masked} counts the likely secrets that the model was not shown, {@code withheld} the changes that were left
   * out because they would have overwritten one; both null for none.
   */
  public record EditResult(
      WorkspaceEdit edit, String text, String model, Usage usage, Money cost, Integer masked, Integer withheld) {}

  /** {@code folder} is a path or a file: URI. */
  public record CommitMessageParams(String folder, String partialResultToken) {
    CommitMessageParams withToken(String token) {
      return new CommitMessageParams(folder, token);
    }
  }

  /** {@code masked} as of an edit; {@code keptHere} names changed files that privacy.exclude left out, null for none. */
  public record CommitMessage(String message, String model, Usage usage, Integer masked, List<String> keptHere) {}

  // Models, keys, money, configuration

  public record Price(Double input, Double output, String currency, Long per) {}

  /** {@code id} is {@code provider/model}. */
  public record Model(
      String id,
      String provider,
      String name,
      Integer contextLength,
      Integer maxOutput,
      Price price,
      String source) {}

  public record ModelsParams(String provider, Boolean refresh) {}

  /** {@code selected} by role: completion, chat, edit, embedding. */
  public record Models(List<Model> models, Map<String, String> selected, List<Failure> errors) {}

  /** {@code model} null takes the choice back; {@code scope} is session, project or user. */
  public record SelectModelParams(
      String role,
      @JsonAdapter(value = Nullable.class, nullSafe = false) String model,
      String scope,
      TextDocumentIdentifier textDocument) {}

  public record SelectedModel(JsonElement selected, String file, String outrankedBy) {}

  public record BalanceParams(String provider) {}

  public record Balance(String provider, JsonElement amount, String unit, JsonElement raw) {}

  public record Balances(List<Balance> balances, List<Failure> errors) {}

  /** {@code groupBy} is model, project, day or role. */
  public record UsageParams(String since, String groupBy) {}

  public record UsageRow(
      String key,
      long requests,
      long inputTokens,
      long outputTokens,
      Long unmetered,
      Double cost,
      String currency) {}

  public record UsageRows(List<UsageRow> rows, List<Budget> budgets) {}

  /**
   * A limit of the user's own for a day, {@code perDay} in money or {@code perDayTokens}, or both. {@code provider} and
   * {@code folder}: what it is for; null: everything. {@code trouble}: why it cannot be told what is spent.
   */
  public record Budget(
      String setting,
      String provider,
      String folder,
      MoneyLimit perDay,
      TokenLimit perDayTokens,
      Long uncountedTokens,
      boolean reached,
      boolean allowed,
      String until,
      String trouble) {}

  /** {@code spent} and {@code left} are null where they cannot be told. */
  public record MoneyLimit(double amount, String currency, Double spent, Double left) {}

  /** As {@link MoneyLimit}. */
  public record TokenLimit(long limit, Long spent, Long left) {}

  public record SentParams(Integer limit) {}

  public record Sent(List<SentEntry> entries) {}

  /** A request that was handed to the network; {@code role} is "" where nothing was asked for. */
  public record SentEntry(
      String time,
      String origin,
      String role,
      long bytes,
      long bytesIn,
      long durationMs,
      String outcome,
      Integer httpStatus,
      String provider,
      String model,
      String project,
      long masked,
      long files,
      List<SentPiece> pieces) {}

  /** One of the things that the text of a request was made of. */
  public record SentPiece(String kind, String path, long bytes, Long masked) {}

  /** {@code key} null forgets it. Its text never shows: a record's own would. */
  public record KeySetParams(String provider, @JsonAdapter(value = Nullable.class, nullSafe = false) String key) {
    @Override
    public String toString() {
      return "KeySetParams[provider=" + provider + "]";
    }
  }

  public record KeyState(String provider, String source, boolean present, String fingerprint) {}

  public record KeyStates(List<KeyState> providers) {}

  public record ConfigParams(TextDocumentIdentifier textDocument) {}

  public record ConfigSource(String path, boolean trusted, List<String> asked) {}

  public record ConfigProblem(String path, int line, int column, String message) {}

  public record Config(
      JsonObject effective, List<ConfigSource> sources, List<ConfigProblem> problems, JsonElement trust) {}

  public record TrustParams(String folder, boolean trust, String record) {}

  public record Trust(
      String folder,
      boolean trusted,
      List<String> asks,
      String record,
      String decision,
      String barred,
      String warning) {}
}
