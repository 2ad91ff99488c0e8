package dragoman.ide.status;

import com.intellij.openapi.project.Project;
import com.intellij.openapi.util.Disposer;
import com.intellij.openapi.wm.StatusBar;
import com.intellij.openapi.wm.StatusBarWidget;
import com.intellij.openapi.wm.StatusBarWidgetFactory;
import com.intellij.util.Consumer;
import dragoman.client.Dragoman.Life;
import dragoman.ide.DragomanBundle;
import dragoman.ide.DragomanService;
import dragoman.ide.Markup;
import dragoman.ide.settings.Settings;
import java.awt.Component;
import java.awt.event.MouseEvent;
import java.util.ArrayList;
import java.util.List;

/** What the daemon is doing, in the status bar; a click shows what can be done about it. On the UI thread. */
final class StatusWidget implements StatusBarWidget, StatusBarWidget.TextPresentation {
  static final String ID = "dragoman";

  private final Project project;
  private final CostToday cost;
  private StatusBar bar;

  private StatusWidget(Project project) {
    this.project = project;
    cost = new CostToday(DragomanService.of(project), this::redraw);
    Disposer.register(this, cost);
  }

  @Override
  public String ID() {
    return ID;
  }

  @Override
  public void install(StatusBar statusBar) {
    bar = statusBar;
    DragomanService.of(project).onChange(this, () -> {
      cost.refresh();
      redraw();
    });
  }

  @Override
  public WidgetPresentation getPresentation() {
    return this;
  }

  @Override
  public String getText() {
    return look().text();
  }

  @Override
  public String getTooltipText() {
    List<String> lines = new ArrayList<>(List.of(look().tooltip()));
    lines.addAll(cost.lines());
    return "<html>" + Markup.escape(String.join("\n", lines)) + "</html>";
  }

  @Override
  public float getAlignment() {
    return Component.CENTER_ALIGNMENT;
  }

  @Override
  public Consumer<MouseEvent> getClickConsumer() {
    return event -> StatusMenu.show(project, event.getComponent(), look(), cost.lines(), this::redraw);
  }

  @Override
  public void dispose() {
    bar = null;
  }

  private void redraw() {
    if (bar != null) bar.updateWidget(ID);
  }

  private StatusLook look() {
    DragomanService service = DragomanService.of(project);
    boolean enabled = Settings.get().getState().completionEnabled;
    Life life = service.dragoman().life();
    // Also before anybody has asked for a daemon.
    if (life == Life.STOPPED && !service.trusted()) life = Life.UNTRUSTED;
    return StatusLook.of(life, service.dragoman().status(), enabled, DragomanBundle::message);
  }

  /** As plugin.xml names it. */
  public static final class Factory implements StatusBarWidgetFactory {
    @Override
    public String getId() {
      return ID;
    }

    @Override
    public String getDisplayName() {
      return "dragoman";
    }

    @Override
    public boolean isAvailable(Project project) {
      return true;
    }

    @Override
    public StatusBarWidget createWidget(Project project) {
      return new StatusWidget(project);
    }

    @Override
    public void disposeWidget(StatusBarWidget widget) {
      Disposer.dispose(widget);
    }

    @Override
    public boolean canBeEnabledOn(StatusBar statusBar) {
      return true;
    }
  }
}
