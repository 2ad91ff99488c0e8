package dragoman.ide.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dragoman.ide.settings.KeyChanges.Source;
import dragoman.ide.settings.Settings.Gateway;
import dragoman.ide.settings.Settings.Values;
import java.awt.Component;
import java.awt.Container;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.swing.JButton;
import javax.swing.JComponent;
import javax.swing.JLabel;
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
      assertFalse(form.keysChanged());
    });
  }

  private static JPasswordField keyField(SettingsForm form) {
    return all(form, JPasswordField.class).get(0);
  }

  private static JTable table(SettingsForm form) {
    return all(form, JTable.class).get(0);
  }

  private static Source key(SettingsForm form, String gateway) {
    return form.keys().get(gateway);
  }

  private static boolean says(SettingsForm form, String text) {
    return all(form, JLabel.class).stream().anyMatch(label -> text.equals(label.getText()));
  }

  @Test
  void aKeyCountsAsSoonAsItIsTyped() throws Exception {
    on(form -> {
      keyField(form).setText(" sk-live-test0123456789 ");
      assertTrue(form.keysChanged());
      assertEquals(new Source("sk-live-test0123456789", "work"), key(form, "work"));
      assertTrue(form.values().gateways.get("work").hasKey);
      assertTrue(says(form, "is kept with Apply"));
      keyField(form).setText("");
      assertFalse(form.keysChanged());
      assertTrue(says(form, "is kept in the IDE"));
    });
  }

  @Test
  void aKeyStaysWithTheGatewayThatItWasTypedFor() throws Exception {
    on(form -> {
      press(form, "Add");
      table(form).getCellEditor().cancelCellEditing();
      table(form).setValueAt("second", 1, 0);
      keyField(form).setText("sk-2");
      table(form).setRowSelectionInterval(0, 0);
      assertEquals(0, keyField(form).getPassword().length);
      keyField(form).setText("sk-1");
      table(form).setRowSelectionInterval(1, 1);
      assertEquals("sk-2", new String(keyField(form).getPassword()));
      assertEquals(Map.of("work", new Source("sk-1", "work"), "second", new Source("sk-2", null)), form.keys());
    });
  }

  @Test
  void withNoGatewayThereIsNoPlaceToTypeAKey() throws Exception {
    on(form -> {
      assertTrue(keyField(form).isEnabled());
      press(form, "Remove");
      assertFalse(keyField(form).isEnabled());
      assertTrue(says(form, "select a gateway"));
    });
  }

  @Test
  void aGatewayThatIsRenamedKeepsItsKeys() throws Exception {
    on(form -> {
      table(form).setValueAt("office", 0, 0);
      assertTrue(form.values().gateways.get("office").hasKey);
      assertEquals(Map.of("office", new Source(null, "work")), form.keys());
      assertTrue(form.keysChanged());
      keyField(form).setText("sk-new");
      table(form).setValueAt("home", 0, 0);
      assertEquals(Map.of("home", new Source("sk-new", "work")), form.keys());
    });
  }

  @Test
  void whatIsShownAnewHasNoTypedKey() throws Exception {
    on(form -> {
      keyField(form).setText("sk-new");
      form.show(values());
      assertEquals(0, keyField(form).getPassword().length);
      assertEquals(new Source(null, "work"), key(form, "work"));
    });
  }

  @Test
  void forgettingAKeyAndRemovingItsGatewayForgetIt() throws Exception {
    on(form -> {
      keyField(form).setText("sk-new");
      press(form, "Forget");
      assertEquals(new Source(null, null), key(form, "work"));
      assertFalse(form.values().gateways.get("work").hasKey);
      assertEquals(0, keyField(form).getPassword().length);
      assertTrue(says(form, "is forgotten with Apply"));
    });
    on(form -> {
      press(form, "Remove");
      assertTrue(form.values().gateways.isEmpty());
      assertTrue(form.keys().isEmpty());
    });
  }

  @Test
  void twoGatewaysOfOneNameAreSeen() throws Exception {
    on(form -> {
      JTable table = table(form);
      press(form, "Add");
      assertFalse(form.hasTwins());
      if (table.isEditing()) table.getCellEditor().cancelCellEditing();
      table.setValueAt("work", 1, 0);
      assertTrue(form.hasTwins());
    });
  }

  @Test
  void askingWhatThePageSaysLeavesACellUnderEditOpen() throws Exception {
    on(form -> {
      JTable table = table(form);
      table.editCellAt(0, 2);
      ((JTextComponent) table.getEditorComponent()).setText("https://other.example/v1 ");
      assertEquals("https://other.example/v1", form.values().gateways.get("work").baseUrl);
      form.keys();
      form.keysChanged();
      form.hasTwins();
      assertTrue(table.isEditing());
      table.getCellEditor().cancelCellEditing();
      assertEquals("https://gateway.example/v1", form.values().gateways.get("work").baseUrl);
      table.editCellAt(0, 0);
      ((JTextComponent) table.getEditorComponent()).setText("office");
      form.stopEditing();
      assertFalse(table.isEditing());
      assertEquals(Map.of("office", new Source(null, "work")), form.keys());
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
