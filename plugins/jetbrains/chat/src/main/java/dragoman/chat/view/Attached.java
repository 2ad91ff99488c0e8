package dragoman.chat.view;

import dragoman.chat.Attachment;
import dragoman.chat.Words;
import dragoman.chat.markdown.Visible;
import java.awt.Component;
import java.awt.event.KeyEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import javax.swing.BorderFactory;
import javax.swing.JButton;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.KeyStroke;

/** What the next question takes along: a chip for each, pictures with a small one of themselves, and a button that removes it. */
final class Attached extends JPanel {
  private static final long serialVersionUID = 1L;
  private static final int SIDE = 40;

  private final transient Look look;
  private final transient Words words;
  private final transient IntConsumer remove;
  private final transient Thumbnails thumbnails;
  private final transient List<JButton> buttons = new ArrayList<>();

  /** @param remove is told which one, by its index */
  Attached(Look look, Words words, IntConsumer remove) {
    super(new Layouts.Flow(look.px(4)));
    this.look = look;
    this.words = words;
    this.remove = remove;
    thumbnails = new Thumbnails(look.px(SIDE));
    setOpaque(false);
    getAccessibleContext().setAccessibleName(words.get("attachments"));
  }

  void show(List<Attachment> attachments) {
    removeAll();
    buttons.clear();
    setVisible(!attachments.isEmpty());
    thumbnails.keep(attachments.stream().map(Attachment::item).toList());
    for (int i = 0; i < attachments.size(); ++i) add(chip(attachments.get(i), i));
    revalidate();
    repaint();
  }

  /** The button of the one that came behind {@code index} before that was removed, else of the last one; or null. */
  Component next(int index) {
    return buttons.isEmpty() ? null : buttons.get(Math.min(index, buttons.size() - 1));
  }

  private JPanel chip(Attachment attachment, int index) {
    JPanel chip = new JPanel(new Layouts.Row(look.px(4)));
    chip.setOpaque(false);
    chip.setBorder(
        BorderFactory.createCompoundBorder(
            BorderFactory.createLineBorder(look.border(), 1, true),
            BorderFactory.createEmptyBorder(look.px(2), look.px(5), look.px(2), 0)));
    String name = Visible.text(attachment.name());
    JLabel label = new JLabel(name);
    label.putClientProperty("html.disable", Boolean.TRUE);
    label.setForeground(look.foreground());
    label.setFont(look.text());
    label.setIconTextGap(look.px(5));
    if (attachment.item().data() != null) picture(attachment, label, name);
    JButton button = Buttons.flat(look, "\u00d7", words.get("remove"), () -> remove.accept(index));
    for (int key : new int[] {KeyEvent.VK_DELETE, KeyEvent.VK_BACK_SPACE})
      Buttons.pressedBy(button, KeyStroke.getKeyStroke(key, 0));
    buttons.add(button);
    chip.add(label);
    chip.add(Buttons.named(button, words.get("remove.named", name)));
    return chip;
  }

  private void picture(Attachment attachment, JLabel label, String name) {
    label.getAccessibleContext().setAccessibleName(words.get("image.named", name));
    thumbnails.of(attachment.item(), small -> {
      label.setIcon(small.icon());
      label
          .getAccessibleContext()
          .setAccessibleName(
              words.get("image.sized", name, String.valueOf(small.width()), String.valueOf(small.height())));
      revalidate();
    });
  }
}
