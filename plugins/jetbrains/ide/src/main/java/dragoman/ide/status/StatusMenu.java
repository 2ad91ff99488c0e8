package dragoman.ide.status;

import com.intellij.openapi.options.ShowSettingsUtil;
import com.intellij.openapi.project.Project;
import dragoman.chat.Figures;
import dragoman.chat.Words;
import dragoman.client.Protocol.Money;
import dragoman.client.Protocol.UsageParams;
import dragoman.client.Protocol.UsageRow;
import dragoman.ide.DragomanBundle;
import dragoman.ide.DragomanService;
import dragoman.ide.Menu;
import dragoman.ide.Menu.Row;
import dragoman.ide.chat.ChatService;
import dragoman.ide.settings.Settings;
import dragoman.ide.settings.SettingsPage;
import java.awt.Component;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What can be done from the status bar. What today has cost is asked for when the menu is opened. */
final class StatusMenu {
  private StatusMenu() {}

  static void show(Project project, Component near, StatusLook look, Runnable redraw) {
    DragomanService service = DragomanService.of(project);
    if (service.dragoman().server() == null) {
      open(project, near, look, redraw, "");
      return;
    }
    service
        .dragoman()
        .ask(server -> server.usage(new UsageParams(LocalDate.now().toString(), "model")))
        .handle((rows, reason) -> reason == null ? cost(rows.rows()) : "")
        .thenAccept(cost -> service.onUi(() -> open(project, near, look, redraw, cost)));
  }

  private static void open(Project project, Component near, StatusLook look, Runnable redraw, String cost) {
    DragomanService service = DragomanService.of(project);
    boolean enabled = Settings.get().getState().completionEnabled;
    List<Row> rows = new ArrayList<>();
    rows.add(new Row(look.tooltip(), look.trouble() ? () -> settings(project) : () -> {}));
    if (!cost.isEmpty()) rows.add(new Row(DragomanBundle.message("status.today", cost), () -> {}));
    rows.add(new Row(DragomanBundle.message("chat.open"), () -> ChatService.of(project).activate(() -> {})));
    rows.add(
        new Row(
            DragomanBundle.message(enabled ? "status.switchOff" : "status.switchOn"),
            () -> {
              Settings.get().getState().completionEnabled = !enabled;
              redraw.run();
            }));
    rows.add(new Row(DragomanBundle.message("settings.open"), () -> settings(project)));
    rows.add(new Row(DragomanBundle.message("status.restart"), service.dragoman()::restart));
    Menu.of("dragoman", rows).showUnderneathOf(near);
  }

  private static void settings(Project project) {
    ShowSettingsUtil.getInstance().showSettingsDialog(project, SettingsPage.class);
  }

  /** The sums by currency, in words. */
  static String cost(List<UsageRow> rows) {
    Map<String, Double> sums = new TreeMap<>();
    for (UsageRow row : rows)
      if (row.cost() != null && row.currency() != null) sums.merge(row.currency(), row.cost(), Double::sum);
    Words words = Words.of(DragomanBundle.locale());
    return String.join(
        " + ", sums.entrySet().stream().map(sum -> Figures.money(new Money(sum.getValue(), sum.getKey()), words)).toList());
  }
}
