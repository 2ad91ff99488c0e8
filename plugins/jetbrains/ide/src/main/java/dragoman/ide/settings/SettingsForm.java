package dragoman.ide.settings;

import dragoman.ide.DragomanBundle;
import dragoman.ide.settings.GatewayRows.Column;
import dragoman.ide.settings.GatewayRows.Row;
import dragoman.ide.settings.Settings.Gateway;
import dragoman.ide.settings.Settings.Values;
import java.awt.BorderLayout;
import java.awt.Component;
import java.awt.Dimension;
import java.awt.FlowLayout;
import java.awt.GridBagConstraints;
import java.awt.GridBagLayout;
import java.awt.Insets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.swing.JButton;
import javax.swing.JCheckBox;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.JPasswordField;
import javax.swing.JScrollPane;
import javax.swing.JTable;
import javax.swing.JTextArea;
import javax.swing.JTextField;
import javax.swing.ListSelectionModel;
import javax.swing.event.DocumentEvent;
import javax.swing.event.DocumentListener;
import javax.swing.text.JTextComponent;

/**
 * The fields of {@link SettingsPage}. Plain Swing; on the UI thread. Whatever stands in them counts at once, keys and the
 * cell that is being edited too: the platform asks once a second what the page says, and that must not disturb anybody.
 */
final class SettingsForm extends JPanel {
  private static final long serialVersionUID = 1L;

  private final JTextField program = new JTextField();
  private final JCheckBox enabled = new JCheckBox(word("enabled"));
  private final GatewayRows gateways = new GatewayRows(word("gateway"), word("preset"), word("address"));
  private final JTable table = new JTable(gateways);
  private final JPasswordField key = new JPasswordField();
  private final JButton forget = new JButton(word("key.forget"));
  private final JLabel keyState = new JLabel();
  private final Map<String, JTextField> models = new LinkedHashMap<>();
  private final JButton test = new JButton(word("test"));
  private final JTextArea lines = new JTextArea(10, 60);

  /** The gateway whose key the field shows, or null. */
  private transient Row keyOf;

  SettingsForm(Runnable examine) {
    super(new BorderLayout());
    for (String role : List.of("completion", "chat", "edit")) models.put(role, new JTextField());
    table.setSelectionMode(ListSelectionModel.SINGLE_SELECTION);
    table.putClientProperty("terminateEditOnFocusLost", Boolean.TRUE);
    table.setPreferredScrollableViewportSize(new Dimension(480, 110));
    table.getAccessibleContext().setAccessibleName(word("gateways"));
    table.getSelectionModel().addListSelectionListener(event -> showKey());
    lines.setEditable(false);
    lines.setLineWrap(true);
    lines.setWrapStyleWord(true);
    lines.getAccessibleContext().setAccessibleName(word("test"));
    key.getAccessibleContext().setAccessibleName(word("key"));
    test.addActionListener(event -> {
      lines.setText("");
      examine.run();
    });
    add(fields(), BorderLayout.NORTH);
  }

  /** Shows what is kept; what was typed and not applied is gone. */
  void show(Values values) {
    stopEditing();
    program.setText(values.program);
    enabled.setSelected(values.completionEnabled);
    gateways.clear();
    values.gateways.forEach(
        (name, gateway) -> gateways.add(name, gateway.preset, gateway.baseUrl, gateway.hasKey));
    models.forEach((role, field) -> field.setText(values.models.getOrDefault(role, "")));
    if (gateways.getRowCount() > 0) table.setRowSelectionInterval(0, 0);
    showKey();
  }

  /** What the page says now. A cell that is being edited stays so. */
  Values values() {
    Values values = new Values();
    values.program = program.getText().strip();
    values.completionEnabled = enabled.isSelected();
    for (int row = 0; row < gateways.getRowCount(); ++row) {
      String name = cell(row, Column.NAME);
      Gateway gateway = new Gateway();
      gateway.preset = cell(row, Column.PRESET);
      gateway.baseUrl = cell(row, Column.ADDRESS);
      gateway.hasKey = gateways.row(row).key().isKey();
      values.gateways.put(name, gateway);
    }
    models.forEach((role, field) -> {
      if (!field.getText().isBlank()) values.models.put(role, field.getText().strip());
    });
    return values;
  }

  /** Where the key of each gateway comes from, by its name. */
  Map<String, KeyChanges.Source> keys() {
    Map<String, KeyChanges.Source> keys = new LinkedHashMap<>();
    for (int row = 0; row < gateways.getRowCount(); ++row) keys.put(cell(row, Column.NAME), gateways.row(row).key());
    return keys;
  }

  /** Whether a key was typed, or belongs to a gateway that has another name now. */
  boolean keysChanged() {
    return keys().entrySet().stream().anyMatch(key -> key.getValue().isNewTo(key.getKey()));
  }

  /** Whether two gateways have one name. */
  boolean hasTwins() {
    return values().gateways.size() != gateways.getRowCount();
  }

  /** One more line of the test. */
  void said(String line) {
    if (!line.isEmpty()) lines.append(line + "\n");
  }

  void testing(boolean now) {
    test.setEnabled(!now);
  }

  /** All of it, to compare by. */
  static String text(Values values) {
    StringBuilder out = new StringBuilder(values.program + "\n" + values.completionEnabled + "\n" + values.models);
    values.gateways.forEach((name, gateway) ->
        out.append('\n').append(List.of(name, gateway.preset, gateway.baseUrl, String.valueOf(gateway.hasKey))));
    return out.toString();
  }

  private JPanel fields() {
    JPanel panel = new JPanel(new GridBagLayout());
    int row = 0;
    labelled(panel, row++, word("program"), program);
    wide(panel, row++, enabled);
    wide(panel, row++, new JLabel(word("gateways")));
    wide(panel, row++, new JScrollPane(table));
    wide(panel, row++, buttons());
    labelled(panel, row++, word("key"), keyRow());
    for (Map.Entry<String, JTextField> model : models.entrySet())
      labelled(panel, row++, word("model." + model.getKey()), model.getValue());
    wide(panel, row++, flow(test));
    wide(panel, row, new JScrollPane(lines));
    return panel;
  }

  private JPanel buttons() {
    JButton more = new JButton(word("add"));
    JButton less = new JButton(word("remove"));
    more.addActionListener(event -> {
      stopEditing();
      gateways.add("", "openai-compatible", "https://", false);
      int last = gateways.getRowCount() - 1;
      table.setRowSelectionInterval(last, last);
      table.editCellAt(last, 0);
      table.requestFocusInWindow();
    });
    less.addActionListener(event -> {
      stopEditing();
      int row = table.getSelectedRow();
      if (row >= 0) gateways.remove(row);
    });
    less.setToolTipText(word("remove.what"));
    return flow(more, less);
  }

  private JPanel keyRow() {
    key.getDocument().addDocumentListener(new DocumentListener() {
      @Override
      public void insertUpdate(DocumentEvent event) {
        keyTyped();
      }

      @Override
      public void removeUpdate(DocumentEvent event) {
        keyTyped();
      }

      @Override
      public void changedUpdate(DocumentEvent event) {}
    });
    forget.addActionListener(event -> {
      stopEditing();
      if (keyOf == null) return;
      keyOf.forget();
      showKey();
    });
    JPanel row = new JPanel(new BorderLayout(6, 0));
    row.add(key, BorderLayout.CENTER);
    row.add(flow(forget, keyState), BorderLayout.EAST);
    return row;
  }

  private void keyTyped() {
    if (keyOf == null) return;
    char[] characters = key.getPassword();
    keyOf.type(new String(characters));
    Arrays.fill(characters, '\0');
    showKeyState();
  }

  /** What was typed for the gateway that is selected; never a key that is kept. */
  private void showKey() {
    int row = table.getSelectedRow();
    keyOf = null; // what the field says is not what a person types
    Row selected = row < 0 || row >= gateways.getRowCount() ? null : gateways.row(row);
    key.setText(selected == null ? "" : selected.typed());
    keyOf = selected;
    key.setEnabled(selected != null);
    forget.setEnabled(selected != null);
    showKeyState();
  }

  private void showKeyState() {
    String state =
        keyOf == null
            ? "key.noGateway"
            : !keyOf.typed().isEmpty()
                ? "key.typed"
                : keyOf.forgets() ? "key.forgotten" : keyOf.key().isKey() ? "key.kept" : "key.none";
    keyState.setText(word(state));
  }

  /** As it stands on the screen: what is typed into a cell is not in the table before its editor is closed. */
  private String cell(int row, Column column) {
    boolean edited =
        table.isEditing()
            && table.convertRowIndexToModel(table.getEditingRow()) == row
            && table.convertColumnIndexToModel(table.getEditingColumn()) == column.ordinal();
    Object value =
        edited && table.getEditorComponent() instanceof JTextComponent editor
            ? editor.getText()
            : gateways.getValueAt(row, column.ordinal());
    return value == null ? "" : value.toString().strip();
  }

  /** Closes the editor of a cell, where one is open. */
  void stopEditing() {
    if (table.isEditing()) table.getCellEditor().stopCellEditing();
  }

  private static void labelled(JPanel panel, int row, String text, Component component) {
    JLabel label = new JLabel(text);
    label.setLabelFor(component);
    panel.add(label, at(0, row, 1, 0));
    panel.add(component, at(1, row, 1, 1));
  }

  private static void wide(JPanel panel, int row, Component component) {
    panel.add(component, at(0, row, 2, 1));
  }

  private static GridBagConstraints at(int x, int y, int width, double weight) {
    Insets insets = new Insets(3, 3, 3, 3);
    return new GridBagConstraints(
        x, y, width, 1, weight, 0, GridBagConstraints.LINE_START, GridBagConstraints.HORIZONTAL, insets, 0, 0);
  }

  private static JPanel flow(Component... components) {
    JPanel row = new JPanel(new FlowLayout(FlowLayout.LEADING, 4, 0));
    for (Component component : components) row.add(component);
    return row;
  }

  private static String word(String key) {
    return DragomanBundle.message("settings." + key);
  }
}
