package dragoman.ide.settings;

import java.util.ArrayList;
import java.util.List;
import javax.swing.table.AbstractTableModel;

/**
 * The gateways as the page's table has them. A key belongs to its row, not to the name that the row has at the moment: it
 * stays with a gateway that is renamed.
 */
final class GatewayRows extends AbstractTableModel {
  private static final long serialVersionUID = 1L;

  enum Column {
    NAME,
    PRESET,
    ADDRESS
  }

  /** One gateway. */
  static final class Row {
    private final String[] cells;

    /** The name under which a key is kept for it, or null. */
    private String keptAs;

    private boolean forgotten;
    private String typed = "";

    private Row(String name, String preset, String address) {
      cells = new String[] {name, preset, address};
    }

    /** The key that was typed and is to be kept with Apply, or "". */
    String typed() {
      return typed;
    }

    /** It comes before one that is kept; "" takes back what was typed. */
    void type(String key) {
      typed = key.strip();
    }

    /** Of both that is typed and that is kept. */
    void forget() {
      typed = "";
      forgotten = true;
    }

    /** Whether one that is kept is forgotten with Apply. */
    boolean forgets() {
      return forgotten && keptAs != null;
    }

    KeyChanges.Source key() {
      return new KeyChanges.Source(typed.isEmpty() ? null : typed, forgotten ? null : keptAs);
    }
  }

  private final String[] titles;
  private final transient List<Row> rows = new ArrayList<>();

  /** @param titles of the columns */
  GatewayRows(String... titles) {
    this.titles = titles;
  }

  Row row(int index) {
    return rows.get(index);
  }

  void clear() {
    rows.clear();
    fireTableDataChanged();
  }

  /** @param keyKept whether there is a key for it in the IDE */
  void add(String name, String preset, String address, boolean keyKept) {
    Row row = new Row(name, preset, address);
    if (keyKept) row.keptAs = name;
    rows.add(row);
    fireTableRowsInserted(rows.size() - 1, rows.size() - 1);
  }

  void remove(int index) {
    rows.remove(index);
    fireTableRowsDeleted(index, index);
  }

  @Override
  public int getRowCount() {
    return rows.size();
  }

  @Override
  public int getColumnCount() {
    return titles.length;
  }

  @Override
  public String getColumnName(int column) {
    return titles[column];
  }

  @Override
  public boolean isCellEditable(int row, int column) {
    return true;
  }

  @Override
  public Object getValueAt(int row, int column) {
    return rows.get(row).cells[column];
  }

  @Override
  public void setValueAt(Object value, int row, int column) {
    rows.get(row).cells[column] = value == null ? "" : value.toString();
    fireTableCellUpdated(row, column);
  }
}
