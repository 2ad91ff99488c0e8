package dragoman.ide.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dragoman.ide.settings.Settings.Gateway;
import dragoman.ide.settings.Settings.Values;
import java.awt.Component;
import java.awt.Container;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.swing.JButton;
import javax.swing.JComponent;
import javax.swing.JPasswordField;
import javax.swing.JTable;
import javax.swing.SwingUtilities;
import javax.swing.text.JTextComponent;
import org.junit.jupiter.api.Test;

/** The settings page's fields, without a screen. */
class SettingsFormTest {
  private interface Scene {
    void play(SettingsForm form);
  }

  private final List<String> tested = new ArrayList<>();

  private void on(Scene scene) throws Exception {
    Throwable[] failed = new Throwable[1];
    SwingUtilities.invokeAndWait(() -> {
      try {
        SettingsForm form = new SettingsForm(() -> tested.add("tested"));
        form.show(values());
        scene.play(form);
      } catch (Throwable reason) {
        failed[0] = reason;
      }
    });
    if (failed[0] != null) throw new AssertionError(failed[0]);
  }

  private static Values values() {
    Values values = new Values();
    values.program = "/opt/dragoman";
    values.completionEnabled = false;
    Gateway work = new Gateway();
    work.preset = "openai-compatible";
    work.baseUrl = "https://gateway.example/v1";
    work.hasKey = true;
    values.gateways.put("work", work);
    values.models.put("chat", "work/large");
    return values;
  }

  private static <T extends Component> List<T> all(Container from, Class<T> type) {
    List<T> out = new ArrayList<>();
    for (Component child : from.getComponents()) {
      if (type.isInstance(child)) out.add(type.cast(child));
      if (child instanceof Container container) out.addAll(all(container, type));
    }
    return out;
  }

  private static void press(SettingsForm form, String label) {
    all(form, JButton.class).stream().filter(one -> one.getText().equals(label)).findFirst().orElseThrow().doClick(0);
  }

  @Test
  void whatIsShownIsWhatIsSaid() throws Exception {
    on(form -> {
      assertEquals(SettingsForm.text(values()), SettingsForm.text(form.values()));
      assertTrue(form.keys().isEmpty());
    });
  }

  @Test
  void aKeyThatIsTypedLeavesTheFieldAndWaitsForApply() throws Exception {
    on(form -> {
      JPasswordField field = all(form, JPasswordField.class).get(0);
      field.setText(" sk-live-test0123456789 ");
      press(form, "Set");
      assertEquals(0, field.getPassword().length);
      assertEquals(Map.of("work", "sk-live-test0123456789"), form.keys());
      assertTrue(form.values().gateways.get("work").hasKey);
    });
  }

  @Test
  void forgettingAKeyAndRemovingItsGatewayForgetIt() throws Exception {
    on(form -> {
      press(form, "Forget");
      assertTrue(form.keys().containsKey("work"));
      assertNull(form.keys().get("work"));
      assertFalse(form.values().gateways.get("work").hasKey);
    });
    on(form -> {
      press(form, "Remove");
      assertTrue(form.values().gateways.isEmpty());
      assertTrue(form.keys().containsKey("work"));
    });
  }

  @Test
  void twoGatewaysOfOneNameAreSeen() throws Exception {
    on(form -> {
      JTable table = all(form, JTable.class).get(0);
      press(form, "Add");
      assertFalse(form.hasTwins());
      if (table.isEditing()) table.getCellEditor().cancelCellEditing();
      table.setValueAt("work", 1, 0);
      assertTrue(form.hasTwins());
    });
  }

  @Test
  void theTestIsAskedForByItsButton() throws Exception {
    on(form -> press(form, "Test the connection"));
    assertEquals(List.of("tested"), tested);
  }

  @Test
  void everyFieldHasANameForAScreenReader() throws Exception {
    on(form -> {
      List<JComponent> fields = new ArrayList<>(all(form, JTextComponent.class));
      fields.addAll(all(form, JTable.class));
      for (JComponent field : fields)
        assertFalse(
            String.valueOf(field.getAccessibleContext().getAccessibleName()).matches("null|\\s*"), field.toString());
    });
  }
}
