package dragoman.ide.models;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dragoman.chat.Words;
import dragoman.client.Protocol.Model;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ModelLabelsTest {
  private static String label(Integer context, String inUse) {
    Model model = new Model("work/large", "work", "large", context, null, null, "list");
    return ModelLabels.of(model, inUse, Words.of(Locale.ENGLISH));
  }

  @Test
  void aModelSaysItsGatewayItsContextAndWhetherItIsInUse() {
    assertEquals("work/large", label(null, null));
    assertEquals("work/large \u2014 65,536 tokens of context", label(65_536, "work/small"));
    assertEquals("work/large \u2014 65,536 tokens of context (in use)", label(65_536, "work/large"));
  }
}
