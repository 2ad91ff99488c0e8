package dragoman.ide.status;

import com.intellij.openapi.options.ShowSettingsUtil;
import com.intellij.openapi.project.Project;
import dragoman.ide.DragomanBundle;
import dragoman.ide.DragomanService;
import dragoman.ide.Menu;
import dragoman.ide.Menu.Row;
import dragoman.ide.account.SentTab;
import dragoman.ide.account.TrailTab;
import dragoman.ide.chat.ChatService;
import dragoman.ide.models.ModelChoice;
import dragoman.ide.settings.Settings;
import dragoman.ide.settings.SettingsPage;
import java.awt.Component;
import java.util.ArrayList;
import java.util.List;

/** What can be done from the status bar. */
final class StatusMenu {
  private StatusMenu() {}

  /**
   * @param spending what today has cost and what is left, a sentence each
   * @param redraw runs when a setting was changed that the widget shows
   */
  static void show(Project project, Component near, StatusLook look, List<String> spending, Runnable redraw) {
    boolean enabled = Settings.get().getState().completionEnabled;
    List<Row> rows = new ArrayList<>();
    rows.add(new Row(look.tooltip(), look.trouble() ? () -> settings(project) : () -> {}));
    for (String line : spending) rows.add(new Row(line, () -> {}));
    rows.add(row("chat.open", () -> ChatService.of(project).activate(() -> {})));
    rows.add(row(enabled ? "status.switchOff" : "status.switchOn", () -> {
      Settings.get().getState().completionEnabled = !enabled;
      redraw.run();
    }));
    rows.add(row("trail.title", () -> TrailTab.show(project)));
    rows.add(row("sent.title", () -> SentTab.show(project)));
    rows.add(row("models.choose", () -> ModelChoice.start(project)));
    rows.add(row("settings.open", () -> settings(project)));
    rows.add(row("status.restart", DragomanService.of(project).dragoman()::restart));
    Menu.of("dragoman", rows).showUnderneathOf(near);
  }

  private static Row row(String key, Runnable chosen) {
    return new Row(DragomanBundle.message(key), chosen);
  }

  private static void settings(Project project) {
    ShowSettingsUtil.getInstance().showSettingsDialog(project, SettingsPage.class);
  }
}
