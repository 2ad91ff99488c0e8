package dragoman.client;

import static dragoman.client.testing.TestHost.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What of a request stands on the wire. */
@Timeout(60)
class ConnectionTest {
  private static final DragomanClient DEAF =
      (DragomanClient)
          Proxy.newProxyInstance(
              DragomanClient.class.getClassLoader(),
              new Class<?>[] {DragomanClient.class},
              (proxy, method, arguments) -> null);

  /** The params of the one request that {@code ask} makes. */
  private static JsonObject params(Consumer<DragomanServer> ask) throws Exception {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    try (PipedOutputStream silent = new PipedOutputStream()) {
      Connection connection = new Connection(new PipedInputStream(silent), wire, DEAF, line -> {});
      connection.start();
      ask.accept(connection.server());
      eventually("the request", () -> wire.toString(StandardCharsets.UTF_8).endsWith("}}"));
      connection.close();
    }
    String sent = wire.toString(StandardCharsets.UTF_8);
    return JsonParser.parseString(sent.substring(sent.indexOf("\r\n\r\n"))).getAsJsonObject().getAsJsonObject("params");
  }

  @Test
  void nullIsSentWhereItMeansSomething() throws Exception {
    assertEquals(
        JsonParser.parseString("{\"provider\": \"work\", \"key\": null}"),
        params(server -> server.keySet(new Protocol.KeySetParams("work", null))));
    assertEquals(
        JsonParser.parseString("{\"role\": \"chat\", \"model\": null, \"scope\": \"user\"}"),
        params(server -> server.selectModel(new Protocol.SelectModelParams("chat", null, "user", null))));
  }

  @Test
  void whatIsThereIsSentAsItIs() throws Exception {
    assertEquals(
        JsonParser.parseString("{\"provider\": \"work\", \"key\": \"sk-\\\"1\"}"),
        params(server -> server.keySet(new Protocol.KeySetParams("work", "sk-\"1"))));
  }
}
