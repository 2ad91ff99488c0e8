package dragoman.ide;

import com.intellij.openapi.project.Project;
import com.intellij.openapi.ui.DialogWrapper;
import java.awt.BorderLayout;
import javax.swing.JComponent;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.JTextArea;

/**
 * A question about something that came from elsewhere: an address of an answer, a title. The platform's own message
 * dialogs read their text as HTML; this one shows it to the letter.
 */
public final class Question extends DialogWrapper {
  private final String sentence;
  private final String about;
  private boolean yes;

  private Question(Project project, String title, String sentence, String about, String answer) {
    super(project);
    this.sentence = sentence;
    this.about = about;
    setTitle(title);
    setOKButtonText(answer);
    init();
  }

  /** Waits for the person, on the UI thread. {@code answer} is what the button says that means yes. */
  public static boolean ask(Project project, String title, String sentence, String about, String answer) {
    Question question = new Question(project, title, sentence, about, answer);
    question.show();
    return question.yes;
  }

  @Override
  protected JComponent createCenterPanel() {
    JTextArea text = new JTextArea(about, 2, 50);
    text.setEditable(false);
    text.setLineWrap(true);
    text.setOpaque(false);
    text.getAccessibleContext().setAccessibleName(sentence);
    JPanel panel = new JPanel(new BorderLayout(0, 8));
    panel.add(new JLabel(sentence), BorderLayout.NORTH);
    panel.add(text, BorderLayout.CENTER);
    return panel;
  }

  @Override
  protected void doOKAction() {
    yes = true;
    super.doOKAction();
  }
}
