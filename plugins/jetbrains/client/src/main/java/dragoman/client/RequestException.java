package dragoman.client;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.eclipse.lsp4j.jsonrpc.ResponseErrorException;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseError;

/** What can go wrong with a request, as one type with one sentence for a person. Holds no key and no code. */
public final class RequestException extends RuntimeException {
  /** JSON-RPC and LSP codes that the plugin tells apart. */
  public static final int METHOD_NOT_FOUND = -32601;

  public static final int REQUEST_CANCELLED = -32800;
  public static final int CONTENT_MODIFIED = -32801;
  public static final int SERVER_CANCELLED = -32802;
  public static final int REQUEST_FAILED = -32803;

  /** Of our own making, outside of what the two standards reserve: the daemon is not there, or left before it answered. */
  public static final int GONE = -1;

  private final int code;
  private final transient Protocol.Failure failure;

  RequestException(int code, String message, Protocol.Failure failure) {
    super(message, null, false, false);
    this.code = code;
    this.failure = failure;
  }

  public int code() {
    return code;
  }

  /** {@code data.kind} of docs/protocol.md, or "" where the daemon gave none. */
  public String kind() {
    return failure == null || failure.kind() == null ? "" : failure.kind();
  }

  /** What to do next, in a sentence, or "". */
  public String hint() {
    return failure == null || failure.hint() == null ? "" : failure.hint();
  }

  /** The gateway that it is about, or "". */
  public String provider() {
    return failure == null || failure.provider() == null ? "" : failure.provider();
  }

  /** All that the daemon said of it, or null. */
  public Protocol.Failure failure() {
    return failure;
  }

  /** Nobody wants to hear of it: it was cancelled by whoever asked. */
  public boolean cancelled() {
    return code == REQUEST_CANCELLED || code == SERVER_CANCELLED;
  }

  /** The daemon is not there, or went away before it answered. */
  public boolean gone() {
    return code == GONE;
  }

  /** Whatever a future failed with. */
  public static RequestException of(Throwable reason) {
    if (reason instanceof RequestException request) return request;
    if ((reason instanceof CompletionException || reason instanceof ExecutionException) && reason.getCause() != null)
      return of(reason.getCause());
    if (reason instanceof CancellationException) return new RequestException(REQUEST_CANCELLED, "cancelled", null);
    if (reason instanceof ResponseErrorException answer) return of(answer.getResponseError());
    if (reason instanceof DaemonProblem problem) return new RequestException(GONE, problem.getMessage(), null);
    String message = reason.getMessage() == null ? reason.getClass().getSimpleName() : reason.getMessage();
    return new RequestException(0, message, null);
  }

  private static RequestException of(ResponseError error) {
    return new RequestException(error.getCode(), error.getMessage(), failureOf(error.getData()));
  }

  private static Protocol.Failure failureOf(Object data) {
    if (!(data instanceof JsonElement json) || !json.isJsonObject()) return null;
    try {
      return new Gson().fromJson(json, Protocol.Failure.class);
    } catch (JsonParseException ignored) {
      return null; // of another shape: the message alone will do
    }
  }
}
