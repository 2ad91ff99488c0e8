package dragoman.ide.models;

import dragoman.chat.Words;
import dragoman.client.Protocol.Model;

/** How a model is called in a list to choose from. Pure. */
public final class ModelLabels {
  private ModelLabels() {}

  /** With its gateway in front, its context where it is known, and a mark on the one that is {@code inUse}. */
  public static String of(Model model, String inUse, Words words) {
    StringBuilder label = new StringBuilder(model.id());
    if (model.contextLength() != null) label.append(" \u2014 ").append(words.get("model.context", model.contextLength()));
    if (model.id().equals(inUse)) label.append(" (").append(words.get("model.inUse")).append(')');
    return label.toString();
  }
}
