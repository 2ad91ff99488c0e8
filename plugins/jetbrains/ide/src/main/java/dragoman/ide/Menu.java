package dragoman.ide;

import com.intellij.openapi.ui.popup.JBPopup;
import com.intellij.openapi.ui.popup.JBPopupFactory;
import java.awt.Component;
import java.util.List;
import javax.swing.DefaultListCellRenderer;
import javax.swing.JList;

/** A list to choose one of. Its labels may come from a gateway: they are text, whatever they look like. */
public final class Menu {
  /** {@code chosen} runs on the UI thread. */
  public record Row(String label, Runnable chosen) {
    @Override
    public String toString() {
      return label;
    }
  }

  private Menu() {}

  /** To be shown once. Typing finds a row. */
  public static JBPopup of(String title, List<Row> rows) {
    return JBPopupFactory.getInstance()
        .createPopupChooserBuilder(rows)
        .setTitle(title)
        .setRenderer(new PlainText())
        .setNamerForFiltering(Row::toString)
        .setItemChosenCallback(row -> row.chosen().run())
        .createPopup();
  }

  private static final class PlainText extends DefaultListCellRenderer {
    private static final long serialVersionUID = 1L;

    PlainText() {
      putClientProperty("html.disable", Boolean.TRUE);
    }

    @Override
    public Component getListCellRendererComponent(JList<?> list, Object row, int index, boolean selected, boolean focused) {
      return super.getListCellRendererComponent(list, row, index, selected, false);
    }
  }
}
