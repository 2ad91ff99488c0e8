package dragoman.ide.models;

import com.intellij.openapi.project.Project;
import com.intellij.openapi.ui.Messages;
import dragoman.chat.Words;
import dragoman.client.Protocol.Failure;
import dragoman.client.Protocol.Model;
import dragoman.client.Protocol.Models;
import dragoman.client.Protocol.ModelsParams;
import dragoman.client.Protocol.SelectModelParams;
import dragoman.ide.Background;
import dragoman.ide.DragomanBundle;
import dragoman.ide.DragomanService;
import dragoman.ide.Menu;
import dragoman.ide.Menu.Row;
import dragoman.ide.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Asks which model is used for what, from the list that the gateways give; where they give none, its name is typed. On the UI
 * thread.
 *
 * <p>The choice is kept in the IDE's settings where they choose already, or where the gateway is one of theirs and no other
 * editor knows it; else in the user's configuration file, which counts for all editors.
 */
public final class ModelChoice {
  /** Those of docs/protocol.md that a person chooses for. */
  private static final List<String> ROLES = List.of("completion", "chat", "edit");

  private final Project project;
  private final DragomanService service;
  private final String role;

  private ModelChoice(Project project, String role) {
    this.project = project;
    this.role = role;
    service = DragomanService.of(project);
  }

  public static void start(Project project) {
    List<Row> rows =
        ROLES.stream()
            .map(role -> new Row(DragomanBundle.message("models." + role), () -> new ModelChoice(project, role).list()))
            .toList();
    Menu.of(DragomanBundle.message("models.role"), rows).showCenteredInCurrentWindow(project);
  }

  private void list() {
    CompletableFuture<Models> asked =
        service.dragoman().ask(server -> server.models(new ModelsParams(null, null)));
    Background.show(project, DragomanBundle.message("models.asking"), new Background.Bar(), asked);
    asked.whenComplete((models, reason) -> service.onUi(() -> {
      if (reason != null) service.messages().report(reason);
      else offer(models);
    }));
  }

  private void offer(Models models) {
    for (Failure error : models.errors() == null ? List.<Failure>of() : models.errors())
      service.messages().warn(wordsOf(error));
    if (models.models() == null || models.models().isEmpty()) {
      type();
      return;
    }
    Words words = Words.of(DragomanBundle.locale());
    String inUse = models.selected() == null ? null : models.selected().get(role);
    List<Row> rows = new ArrayList<>();
    for (Model model : models.models())
      rows.add(new Row(ModelLabels.of(model, inUse, words), () -> keep(model.id())));
    Menu.of(words.get("model.search"), rows).showCenteredInCurrentWindow(project);
  }

  private void type() {
    String title = DragomanBundle.message("models.name");
    String typed = Messages.showInputDialog(project, DragomanBundle.message("models.noneListed"), title, null, "", null);
    if (typed != null && !typed.isBlank()) keep(typed.strip());
  }

  private void keep(String model) {
    if (Settings.get().keepsModel(role, model)) {
      Settings.get().setModel(role, model);
      DragomanService.everywhere().forEach(one -> one.dragoman().settingsChanged());
      return;
    }
    service
        .dragoman()
        .ask(server -> server.selectModel(new SelectModelParams(role, model, "user", null)))
        .whenComplete((kept, reason) -> service.onUi(() -> {
          if (reason != null) service.messages().report(reason);
          else if (kept.outrankedBy() != null)
            service.messages().warn(DragomanBundle.message("models.outranked", kept.outrankedBy()));
        }));
  }

  private static String wordsOf(Failure error) {
    String what = error.message() == null ? error.kind() : error.message();
    return error.provider() == null ? what : error.provider() + ": " + what;
  }
}
