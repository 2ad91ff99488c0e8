package dragoman.ide;

import com.intellij.notification.Notification;
import com.intellij.notification.NotificationAction;
import com.intellij.notification.NotificationGroupManager;
import com.intellij.notification.NotificationType;
import com.intellij.openapi.options.ShowSettingsUtil;
import com.intellij.openapi.project.Project;
import dragoman.client.DaemonProblem;
import dragoman.client.Dragoman;
import dragoman.client.Dragoman.Life;
import dragoman.client.RequestException;
import dragoman.ide.settings.SettingsPage;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.eclipse.lsp4j.MessageActionItem;
import org.eclipse.lsp4j.MessageParams;
import org.eclipse.lsp4j.MessageType;
import org.eclipse.lsp4j.ShowMessageRequestParams;

/** What is told to a person, as the IDE's notifications: one at a time of a kind, each with the action that helps. On the UI thread. */
public final class Messages {
  /** Kinds of docs/protocol.md for which the settings page has the cure. */
  private static final Set<String> CURED_BY_SETTINGS = Set.of("noKey", "unauthorized", "notConfigured");

  /** The groups of plugin.xml. A question stays until it is answered or closed. */
  private static final String NEWS = "dragoman";

  private static final String QUESTIONS = "dragoman.questions";

  private record Told(DaemonProblem problem, Notification notification) {}

  private final Project project;
  private final Dragoman dragoman;

  /** The last that was said of why there is no daemon, or null. */
  private Told told;

  Messages(Project project, Dragoman dragoman) {
    this.project = project;
    this.dragoman = dragoman;
  }

  /** A failed request. Nothing for a cancelled one. */
  public void report(Throwable reason) {
    RequestException error = RequestException.of(reason);
    if (error.cancelled()) return;
    DaemonProblem problem = dragoman.problem();
    if (error.gone() && problem != null) {
      show(problem);
      return;
    }
    Notification shown = make(words(error), NotificationType.ERROR);
    if (CURED_BY_SETTINGS.contains(error.kind())) shown.addAction(openSettings());
    shown.notify(project);
  }

  /** What went wrong with a request and what to do next, in words; any thread. */
  public String words(Throwable reason) {
    RequestException error = RequestException.of(reason);
    if (error.gone() && dragoman.life() == Life.UNTRUSTED) return DragomanBundle.message("status.untrusted");
    DaemonProblem problem = dragoman.problem();
    if (error.gone() && problem != null) return explain(problem);
    return error.hint().isEmpty() ? error.getMessage() : error.getMessage() + " " + error.hint();
  }

  /** One sentence that asks for nothing. */
  public void tell(String sentence) {
    make(sentence, NotificationType.INFORMATION).notify(project);
  }

  /** One sentence about something that was not done as it was asked for. */
  public void warn(String sentence) {
    make(sentence, NotificationType.WARNING).notify(project);
  }

  public void show(MessageParams message) {
    make(message.getMessage(), typeOf(message.getType())).notify(project);
  }

  /**
   * Why there is no daemon, with a way to try again. Everyone who waited for it comes here with the same problem: while it can
   * be read on the screen, it is not said again; after that, the new message takes the old one's place in the IDE's list.
   */
  void show(DaemonProblem problem) {
    if (told != null) {
      if (told.problem() == problem && told.notification().getBalloon() != null) return;
      told.notification().expire();
    }
    Notification shown =
        make(explain(problem), NotificationType.ERROR)
            .addAction(openSettings())
            .addAction(
                NotificationAction.createSimpleExpiring(DragomanBundle.message("action.tryAgain"), dragoman::restart));
    told = new Told(problem, shown);
    shown.notify(project);
  }

  /** A question with an action for each answer; {@code answer} gets null where the person turns away. */
  void ask(ShowMessageRequestParams question, CompletableFuture<MessageActionItem> answer) {
    Notification shown = make(QUESTIONS, question.getMessage(), typeOf(question.getType()));
    for (MessageActionItem item : question.getActions())
      shown.addAction(
          NotificationAction.createSimple(
              item.getTitle(),
              () -> {
                answer.complete(item); // first: to expire is to turn away
                shown.expire();
              }));
    shown.whenExpired(() -> answer.complete(null)).notify(project);
  }

  /** Why there is no daemon, in the IDE's language. */
  public static String explain(DaemonProblem problem) {
    String key =
        switch (problem.reason()) {
          case MISSING -> "problem.missing";
          case NOT_FOUND -> "problem.notFound";
          case BROKEN -> "problem.broken";
          case OLD -> "problem.old";
          case NEW -> "problem.new";
          case ENDED -> "problem.ended";
        };
    return DragomanBundle.message(key, problem.path(), problem.detail());
  }

  private NotificationAction openSettings() {
    return NotificationAction.createSimpleExpiring(
        DragomanBundle.message("action.openSettings"),
        () -> ShowSettingsUtil.getInstance().showSettingsDialog(project, SettingsPage.class));
  }

  private static Notification make(String text, NotificationType type) {
    return make(NEWS, text, type);
  }

  private static Notification make(String group, String text, NotificationType type) {
    return NotificationGroupManager.getInstance()
        .getNotificationGroup(group)
        .createNotification(Markup.escape(text), type);
  }

  private static NotificationType typeOf(MessageType type) {
    return type == MessageType.Error
        ? NotificationType.ERROR
        : type == MessageType.Warning ? NotificationType.WARNING : NotificationType.INFORMATION;
  }
}
