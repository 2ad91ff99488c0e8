package dragoman.ide.vcs;

import com.intellij.openapi.actionSystem.ActionUpdateThread;
import com.intellij.openapi.actionSystem.AnAction;
import com.intellij.openapi.actionSystem.AnActionEvent;
import com.intellij.openapi.project.DumbAware;
import com.intellij.openapi.project.Project;
import com.intellij.openapi.vcs.CommitMessageI;
import com.intellij.openapi.vcs.VcsDataKeys;
import dragoman.client.Protocol.CommitMessage;
import dragoman.ide.Background;
import dragoman.ide.DragomanBundle;
import dragoman.ide.DragomanService;
import java.util.concurrent.CompletableFuture;

/**
 * <i>Generate commit message</i> in the commit window: the daemon writes it from what is staged, and it goes into the
 * window's field, where it can be changed. What stood there is kept until the message is whole.
 */
public final class CommitMessageAction extends AnAction implements DumbAware {
  @Override
  public ActionUpdateThread getActionUpdateThread() {
    return ActionUpdateThread.BGT;
  }

  @Override
  public void update(AnActionEvent event) {
    event.getPresentation()
        .setEnabledAndVisible(event.getProject() != null && event.getData(VcsDataKeys.COMMIT_MESSAGE_CONTROL) != null);
  }

  @Override
  public void actionPerformed(AnActionEvent event) {
    Project project = event.getProject();
    CommitMessageI field = event.getData(VcsDataKeys.COMMIT_MESSAGE_CONTROL);
    if (project == null || field == null || project.getBasePath() == null) return;
    DragomanService service = DragomanService.of(project);
    CompletableFuture<CommitMessage> request =
        service.dragoman().commitMessage(project.getBasePath(), piece -> {});
    Background.show(project, DragomanBundle.message("commit.running"), new Background.Bar(), request);
    request.whenComplete((result, reason) -> service.onUi(() -> {
      if (reason != null) {
        service.messages().report(reason);
        return;
      }
      field.setCommitMessage(result.message());
      tellUnsent(service, result);
    }));
  }

  /** What of the changes the model was not shown. */
  private static void tellUnsent(DragomanService service, CommitMessage result) {
    if (result.masked() != null && result.masked() > 0)
      service.messages().tell(DragomanBundle.message("masked", result.masked()));
    if (result.keptHere() != null && !result.keptHere().isEmpty())
      service.messages().tell(DragomanBundle.message("commit.keptHere", String.join(", ", result.keptHere())));
  }
}
