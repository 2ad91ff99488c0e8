package dragoman.ide.settings;

import dragoman.ide.DragomanBundle;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
import javax.swing.table.DefaultTableModel;

/** The fields of {@link SettingsPage}. Plain Swing; on the UI thread. */
final class SettingsForm extends JPanel {
  private static final long serialVersionUID = 1L;

  private enum Column {
    NAME,
    PRESET,
    ADDRESS
  }

  private final JTextField program = new JTextField();
  private final JCheckBox enabled = new JCheckBox(word("enabled"));
  private final DefaultTableModel gateways =
      new DefaultTableModel(new Object[] {word("gateway"), word("preset"), word("address")}, 0);
  private final JTable table = new JTable(gateways);
  private final JPasswordField key = new JPasswordField();
  private final JLabel keyState = new JLabel();
  private final Map<String, JTextField> models = new LinkedHashMap<>();
  private final JButton test = new JButton(word("test"));
  private final JTextArea lines = new JTextArea(10, 60);

  /** Keys that were typed and not kept yet, by gateway; null forgets the one that is kept. */
  private final transient Map<String, String> typed = new HashMap<>();

  /** Gateways whose key is kept. */
  private final transient Set<String> kept = new HashSet<>();

  SettingsForm(Runnable examine) {
    super(new BorderLayout());
    for (String role : List.of("completion", "chat", "edit")) models.put(role, new JTextField());
    table.setSelectionMode(ListSelectionModel.SINGLE_SELECTION);
    table.putClientProperty("terminateEditOnFocusLost", Boolean.TRUE);
    table.setPreferredScrollableViewportSize(new Dimension(480, 110));
    table.getAccessibleContext().setAccessibleName(word("gateways"));
    table.getSelectionModel().addListSelectionListener(event -> showKeyState());
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
    gateways.setRowCount(0);
    typed.clear();
    kept.clear();
    values.gateways.forEach((name, gateway) -> {
      gateways.addRow(new Object[] {name, gateway.preset, gateway.baseUrl});
      if (gateway.hasKey) kept.add(name);
    });
    models.forEach((role, field) -> field.setText(values.models.getOrDefault(role, "")));
    if (gateways.getRowCount() > 0) table.setRowSelectionInterval(0, 0);
    showKeyState();
  }

  /** What the page says now. */
  Values values() {
    stopEditing();
    Values values = new Values();
    values.program = program.getText().strip();
    values.completionEnabled = enabled.isSelected();
    for (int row = 0; row < gateways.getRowCount(); ++row) {
      String name = cell(row, Column.NAME);
      Gateway gateway = new Gateway();
      gateway.preset = cell(row, Column.PRESET);
      gateway.baseUrl = cell(row, Column.ADDRESS);
      gateway.hasKey = typed.containsKey(name) ? typed.get(name) != null : kept.contains(name);
      values.gateways.put(name, gateway);
    }
    models.forEach((role, field) -> {
      if (!field.getText().isBlank()) values.models.put(role, field.getText().strip());
    });
    return values;
  }

  /** Keys to be kept (or, null, forgotten) with Apply. */
  Map<String, String> keys() {
    return typed;
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
      gateways.addRow(new Object[] {"", "openai-compatible", "https://"});
      int last = gateways.getRowCount() - 1;
      table.setRowSelectionInterval(last, last);
      table.editCellAt(last, 0);
      table.requestFocusInWindow();
    });
    less.addActionListener(event -> {
      stopEditing();
      int row = table.getSelectedRow();
      if (row < 0) return;
      String name = cell(row, Column.NAME);
      if (kept.contains(name)) typed.put(name, null);
      else typed.remove(name);
      gateways.removeRow(row);
    });
    return flow(more, less);
  }

  private JPanel keyRow() {
    JButton set = new JButton(word("key.set"));
    JButton forget = new JButton(word("key.forget"));
    set.addActionListener(event -> {
      stopEditing();
      char[] characters = key.getPassword();
      String text = new String(characters).strip();
      Arrays.fill(characters, '\0');
      key.setText("");
      String name = selected();
      if (!name.isEmpty() && !text.isEmpty()) typed.put(name, text);
      showKeyState();
    });
    forget.addActionListener(event -> {
      stopEditing();
      if (!selected().isEmpty()) typed.put(selected(), null);
      showKeyState();
    });
    JPanel row = new JPanel(new BorderLayout(6, 0));
    row.add(key, BorderLayout.CENTER);
    row.add(flow(set, forget, keyState), BorderLayout.EAST);
    return row;
  }

  private void showKeyState() {
    String name = selected();
    String state =
        name.isEmpty()
            ? "key.noGateway"
            : typed.containsKey(name)
                ? (typed.get(name) == null ? "key.forgotten" : "key.typed")
                : kept.contains(name) ? "key.kept" : "key.none";
    keyState.setText(word(state));
  }

  /** The selected gateway's name, or "". */
  private String selected() {
    int row = table.getSelectedRow();
    return row < 0 || row >= gateways.getRowCount() ? "" : cell(row, Column.NAME);
  }

  private String cell(int row, Column column) {
    Object value = gateways.getValueAt(row, column.ordinal());
    return value == null ? "" : value.toString().strip();
  }

  private void stopEditing() {
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
