package dragoman.client;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.eclipse.lsp4j.jsonrpc.Endpoint;
import org.eclipse.lsp4j.jsonrpc.RemoteEndpoint;
import org.eclipse.lsp4j.jsonrpc.json.JsonRpcMethod;
import org.eclipse.lsp4j.jsonrpc.json.MessageJsonHandler;
import org.eclipse.lsp4j.jsonrpc.json.StreamMessageConsumer;
import org.eclipse.lsp4j.jsonrpc.json.StreamMessageProducer;
import org.eclipse.lsp4j.jsonrpc.messages.Message;
import org.eclipse.lsp4j.jsonrpc.messages.MessageIssue;
import org.eclipse.lsp4j.jsonrpc.messages.NotificationMessage;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseError;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseErrorCode;
import org.eclipse.lsp4j.jsonrpc.services.ServiceEndpoints;

/**
 * One conversation with one daemon over two byte streams, on LSP4J's message layer. It adds what that layer leaves open:
 * writing happens on a thread of its own, so that nobody who sends ever waits for a full pipe; and when the streams end,
 * whatever is still unanswered fails instead of hanging.
 *
 * <p>Order is kept: what is sent from one thread arrives in that order, and what comes is handed on in the order of
 * arrival by one reading thread, so that each event of a stream comes before its result.
 */
final class Connection {
  /** Behind everything else in the queue: nothing more is to be written. */
  private static final Message END = new NotificationMessage();

  private final BlockingQueue<Message> outgoing = new LinkedBlockingQueue<>();
  private final Set<Relay<Object>> pending = ConcurrentHashMap.newKeySet();
  private final InputStream in;
  private final OutputStream out;
  private final MessageJsonHandler json;
  private final RemoteEndpoint remote;
  private final DragomanServer server;
  private final Consumer<String> log;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  /**
   * @param client hears what the daemon says, on the reading thread
   * @param log gets a line where something is wrong with the conversation itself; any thread
   */
  Connection(InputStream in, OutputStream out, DragomanClient client, Consumer<String> log) {
    this.in = in;
    this.out = out;
    this.log = log;
    Map<String, JsonRpcMethod> methods = new LinkedHashMap<>();
    methods.putAll(ServiceEndpoints.getSupportedMethods(DragomanServer.class));
    methods.putAll(ServiceEndpoints.getSupportedMethods(DragomanClient.class));
    json = new MessageJsonHandler(methods);
    remote = new RemoteEndpoint(outgoing::add, ServiceEndpoints.toEndpoint(client), this::internalError);
    json.setMethodProvider(remote);
    server = ServiceEndpoints.toServiceObject(new Requests(), DragomanServer.class);
  }

  /** Begins to read and to write; once. */
  void start() {
    thread("dragoman-writer", this::write).start();
    thread("dragoman-reader", this::read).start();
  }

  DragomanServer server() {
    return server;
  }

  Gson gson() {
    return json.getGson();
  }

  /** Completes, never exceptionally, when nothing more will come; by then every request has failed. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  /** Closes the daemon's input once everything that was sent is written, which is its sign to end. */
  void close() {
    outgoing.add(END);
  }

  private void write() {
    StreamMessageConsumer consumer = new StreamMessageConsumer(out, json);
    try (out) {
      for (Message message = outgoing.take(); message != END; message = outgoing.take()) consumer.consume(message);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | IOException broken) {
      // The daemon is gone: the reader comes to its end, too, and says so.
      if (!ended.isDone()) log.accept("writing to the daemon failed: " + broken.getMessage());
    }
  }

  private void read() {
    try (in) {
      new Reader().listen(remote);
    } catch (RuntimeException | IOException broken) {
      log.accept("reading from the daemon failed: " + broken.getMessage());
    } finally {
      end();
    }
  }

  private void end() {
    ended.complete(null);
    close();
    for (Relay<Object> answer : pending) answer.fail(gone());
  }

  private static RequestException gone() {
    return new RequestException(
        RequestException.GONE, "The daemon stopped before it had answered.", null);
  }

  private static Thread thread(String name, Runnable run) {
    Thread thread = new Thread(run, name);
    thread.setDaemon(true);
    return thread;
  }

  /** A request of the daemon's that failed on our side. LSP4J's own way would log it as a severe fault of the IDE's. */
  private ResponseError internalError(Throwable reason) {
    log.accept("a request of the daemon's failed here: " + reason);
    return new ResponseError(ResponseErrorCode.InternalError, "The editor could not answer.", null);
  }

  /** Ends the conversation where LSP4J would log a severe fault of the IDE's and read on in the middle of something. */
  private final class Reader extends StreamMessageProducer {
    Reader() {
      super(in, json, Connection.this::unreadable);
    }

    @Override
    protected void fireError(Throwable error) {
      throw new IllegalStateException(error.getMessage(), error);
    }
  }

  /** A message of another shape: what it answers fails, what it tells is passed over. */
  private void unreadable(Message message, List<MessageIssue> issues) {
    issues.forEach(issue -> log.accept("from the daemon: " + issue.getText()));
    if (!(message instanceof NotificationMessage)) remote.handle(message, issues);
  }

  /** What LSP4J's proxy of {@link DragomanServer} calls. */
  private final class Requests implements Endpoint {
    @Override
    public CompletableFuture<Object> request(String method, Object parameter) {
      Relay<Object> answer = new Relay<>();
      pending.add(answer);
      answer.whenComplete((value, reason) -> pending.remove(answer));
      // After it is listed: whoever ends the connection from here on sees it.
      if (ended.isDone()) answer.fail(gone());
      else answer.follow(remote.request(method, parameter));
      return answer;
    }

    @Override
    public void notify(String method, Object parameter) {
      if (!ended.isDone()) remote.notify(method, parameter);
    }
  }
}
