package dragoman.ide.settings;

import static dragoman.client.testing.TestHost.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dragoman.ide.settings.Settings.Gateway;
import dragoman.ide.settings.Settings.Values;
import dragoman.ide.testing.OnUi;
import dragoman.ide.testing.Room;
import java.awt.Component;
import java.awt.Container;
import java.util.Objects;
import javax.swing.JButton;
import javax.swing.JComponent;
import javax.swing.JPasswordField;
import javax.swing.JTable;
import javax.swing.text.JTextComponent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The settings page over a password safe: as the settings dialog asks it, and with Apply. */
class SettingsPageTest {
  private Room room;
  private SettingsPage page;
  private JComponent form;

  @BeforeEach
  void open() {
    OnUi.run(() -> room = new Room("|"));
    Keys.set("work", "sk-old");
    Keys.set("office", null);
    OnUi.run(() -> {
      Values values = new Values();
      Gateway work = new Gateway();
      work.preset = "openai-compatible";
      work.baseUrl = "https://gateway.example/v1";
      work.hasKey = true;
      values.gateways.put("work", work);
      Settings.get().loadState(values);
      page = new SettingsPage();
      form = page.createComponent();
    });
  }

  @AfterEach
  void close() {
    OnUi.run(() -> {
      page.disposeUIResources();
      Settings.get().loadState(new Values());
      room.close();
    });
  }

  private static <T extends Component> T find(Container from, Class<T> type, String label) {
    for (Component child : from.getComponents()) {
      if (type.isInstance(child) && (label == null || label.equals(((JButton) child).getText()))) return type.cast(child);
      T inner = child instanceof Container container ? find(container, type, label) : null;
      if (inner != null) return inner;
    }
    return null;
  }

  private JTable table() {
    return find(form, JTable.class, null);
  }

  private void apply() {
    OnUi.call(() -> {
      page.apply();
      return null;
    });
  }

  /** Another thread keeps it. */
  private static void untilKept(String gateway, String key) throws InterruptedException {
    eventually("the key of " + gateway, () -> Objects.equals(Keys.of(gateway), key));
  }

  @Test
  void aKeyThatWasOnlyTypedIsKeptWithApply() throws Exception {
    OnUi.run(() -> {
      assertFalse(page.isModified());
      find(form, JPasswordField.class, null).setText("sk-new");
      assertTrue(page.isModified());
    });
    apply();
    untilKept("work", "sk-new");
    OnUi.run(() -> {
      assertFalse(page.isModified());
      assertEquals(0, find(form, JPasswordField.class, null).getPassword().length);
    });
  }

  @Test
  void aGatewayThatIsRenamedInItsCellTakesItsKeyAlong() throws Exception {
    OnUi.run(() -> {
      table().editCellAt(0, 0);
      ((JTextComponent) table().getEditorComponent()).setText("office");
      assertTrue(page.isModified());
      assertTrue(table().isEditing());
    });
    apply();
    untilKept("office", "sk-old");
    untilKept("work", null);
    OnUi.run(() -> {
      assertTrue(Settings.get().getState().gateways.get("office").hasKey);
      assertFalse(page.isModified());
    });
  }

  @Test
  void aGatewayThatIsRemovedTakesItsKeyWithItUnlessItIsTakenBack() throws Exception {
    OnUi.run(() -> {
      JButton remove = find(form, JButton.class, "Remove");
      assertNotNull(remove);
      remove.doClick(0);
      page.reset();
      assertFalse(page.isModified());
    });
    OnUi.run(() -> find(form, JButton.class, "Remove").doClick(0));
    apply();
    untilKept("work", null);
    assertNull(Settings.get().getState().gateways.get("work"));
  }
}
