package dragoman.client.testing;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The gateway that tests ask: the scripted gateway of the C++ tests answers by its house rules; in front of it stands a
 * listener that notes each question and can be given an answer of its own, piece by piece.
 */
public final class TestGateway implements AutoCloseable {
  public static final String KEY = "sk-live-test0123456789";

  /** A piece of an answer that waits until it is opened. */
  public static final class Gate {
    private final CountDownLatch latch = new CountDownLatch(1);

    public void open() {
      latch.countDown();
    }
  }

  private record Script(String about, List<Object> pieces) {}

  private final Process house;
  private final URI houseUrl;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<Script> scripts = new ArrayList<>();
  private final List<String> questions = new ArrayList<>();
  private final CountDownLatch cut = new CountDownLatch(1);

  public TestGateway(Path binaries) throws IOException {
    house =
        new ProcessBuilder(binaries.resolve("dragoman-gateway").toString(), "--dialect", "opencodex")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    houseUrl =
        URI.create(new BufferedReader(new InputStreamReader(house.getInputStream(), StandardCharsets.UTF_8)).readLine());
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + houseUrl.getPath();
  }

  /** Answers the next question that holds {@code about}; a piece is a string, or a {@link Gate} to wait for. */
  public synchronized void answer(String about, Object... pieces) {
    scripts.add(new Script(about, List.of(pieces)));
  }

  /** The bodies of the questions so far. */
  public synchronized List<String> questions() {
    return List.copyOf(questions);
  }

  /** True once a scripted answer could not be written to its end, because the asker had left; waits up to ten seconds. */
  public boolean wasCut() throws InterruptedException {
    return cut.await(10, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    house.destroy();
  }

  private synchronized Script scriptFor(String body) {
    if (!body.isEmpty()) questions.add(body);
    for (Script script : scripts)
      if (body.contains(script.about)) {
        scripts.remove(script);
        return script;
      }
    return null;
  }

  private void serve(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Script script = scriptFor(body);
    try (exchange) {
      if (script == null) forward(exchange, body);
      else play(exchange, script);
    } catch (IOException left) {
      cut.countDown();
      throw left;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void forward(HttpExchange exchange, String body) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(houseUrl.resolve(exchange.getRequestURI()))
            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofString(body));
    for (String header : List.of("Authorization", "Content-Type", "Accept", "User-Agent"))
      exchange.getRequestHeaders().getOrDefault(header, List.of()).forEach(value -> request.header(header, value));
    HttpResponse<byte[]> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    answer.headers().firstValue("content-type").ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(answer.statusCode(), head || answer.body().length == 0 ? -1 : answer.body().length);
    if (!head) exchange.getResponseBody().write(answer.body());
  }

  private void play(HttpExchange exchange, Script script) throws IOException, InterruptedException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    for (Object piece : script.pieces) {
      if (piece instanceof Gate gate) hold(out, gate);
      else send(out, choice((String) piece, null));
    }
    send(out, choice(null, "stop"));
    out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
  }

  /** Comments keep the stream alive meanwhile, and tell when nobody listens any more. */
  private static void hold(OutputStream out, Gate gate) throws IOException, InterruptedException {
    while (!gate.latch.await(20, TimeUnit.MILLISECONDS)) {
      out.write(": still here\n\n".getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
  }

  private static void send(OutputStream out, JsonObject choice) throws IOException {
    JsonArray choices = new JsonArray();
    choices.add(choice);
    JsonObject chunk = new JsonObject();
    chunk.addProperty("id", "c");
    chunk.addProperty("object", "chat.completion.chunk");
    chunk.add("choices", choices);
    out.write(("data: " + chunk + "\n\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static JsonObject choice(String content, String finish) {
    JsonObject delta = new JsonObject();
    if (content != null) delta.addProperty("content", content);
    JsonObject choice = new JsonObject();
    choice.addProperty("index", 0);
    choice.add("delta", delta);
    choice.addProperty("finish_reason", finish);
    return choice;
  }
}
