package dragoman.ide.settings;

import com.intellij.openapi.application.ApplicationManager;
import com.intellij.openapi.application.ModalityState;
import com.intellij.openapi.options.Configurable;
import com.intellij.openapi.options.ConfigurationException;
import dragoman.client.DaemonProblem;
import dragoman.client.Doctor;
import dragoman.ide.DragomanBundle;
import dragoman.ide.DragomanService;
import dragoman.ide.Messages;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.swing.JComponent;

/**
 * The settings page. What a person types counts when they press Apply, and for the test of the connection at once. Keys
 * go to the PasswordSafe and to the daemons that run; the page never shows one that is kept.
 */
public final class SettingsPage implements Configurable {
  private SettingsForm form;

  @Override
  public String getDisplayName() {
    return "dragoman";
  }

  @Override
  public JComponent createComponent() {
    form = new SettingsForm(this::test);
    form.show(Settings.get().getState());
    return form;
  }

  @Override
  public boolean isModified() {
    return form != null && (form.keysChanged() || !same(form.values(), Settings.get().getState()));
  }

  @Override
  public void reset() {
    if (form != null) form.show(Settings.get().getState());
  }

  @Override
  public void apply() throws ConfigurationException {
    form.stopEditing();
    Settings.Values values = checked();
    Settings.Values before = Settings.get().getState();
    Map<String, KeyChanges.Source> keys = form.keys();
    Settings.get().loadState(values);
    form.show(values);
    boolean moved = !values.program.equals(before.program);
    // The keychain may make one wait.
    ApplicationManager.getApplication().executeOnPooledThread(() -> {
      Map<String, String> changed = Keys.change(kept(before), keys);
      for (DragomanService service : DragomanService.everywhere()) {
        if (moved) service.dragoman().programChanged();
        service.dragoman().settingsChanged();
        changed.forEach(service.dragoman()::keyChanged);
      }
    });
  }

  @Override
  public void disposeUIResources() {
    form = null;
  }

  /** The gateways whose keys are kept. */
  private static Set<String> kept(Settings.Values values) {
    Set<String> names = new LinkedHashSet<>(values.gateways.keySet());
    names.removeIf(name -> !values.gateways.get(name).hasKey);
    return names;
  }

  private Settings.Values checked() throws ConfigurationException {
    Settings.Values values = form.values();
    Optional<Checks.Problem> problem = Checks.of(values);
    for (Map.Entry<String, KeyChanges.Source> key : form.keys().entrySet())
      if (key.getValue().typed() != null && !Checks.isKey(key.getValue().typed()))
        throw new ConfigurationException(DragomanBundle.message("settings.bad.key", key.getKey()));
    if (form.hasTwins()) throw new ConfigurationException(DragomanBundle.message("settings.bad.twins"));
    if (problem.isPresent())
      throw new ConfigurationException(DragomanBundle.message(problem.get().key(), problem.get().about()));
    return values;
  }

  /** Runs the doctor with what the page says, and shows its lines as they come. */
  private void test() {
    SettingsForm shown = form;
    shown.stopEditing();
    Settings.Values values;
    try {
      values = checked();
    } catch (ConfigurationException reason) {
      shown.said(reason.getMessage());
      return;
    }
    Map<String, KeyChanges.Source> sources = shown.keys();
    shown.testing(true);
    ApplicationManager.getApplication().executeOnPooledThread(() -> {
      String end = examine(values, sources, shown);
      ui(() -> {
        shown.said(end);
        shown.testing(false);
      });
    });
  }

  /** The last line to show. */
  private static String examine(
      Settings.Values values, Map<String, KeyChanges.Source> sources, SettingsForm shown) {
    Settings settings = new Settings();
    settings.loadState(values);
    Map<String, String> keys = new HashMap<>();
    sources.forEach((name, source) -> {
      String key = source.read(Keys::of);
      if (key != null) keys.put(name, key);
    });
    try {
      boolean well =
          Doctor.run(
              DragomanService.launch(values.program), settings.overlay(), keys, line -> ui(() -> shown.said(line)));
      return DragomanBundle.message(well ? "settings.test.well" : "settings.test.ill");
    } catch (DaemonProblem problem) {
      return Messages.explain(problem);
    } catch (IOException problem) {
      return problem.getMessage();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  /** The settings dialog is modal, and its page is to change all the same. */
  private static void ui(Runnable run) {
    ApplicationManager.getApplication().invokeLater(run, ModalityState.any());
  }

  private static boolean same(Settings.Values a, Settings.Values b) {
    return SettingsForm.text(a).equals(SettingsForm.text(b));
  }
}
