package dragoman.ide.edit;

import com.intellij.openapi.actionSystem.ActionUpdateThread;
import com.intellij.openapi.actionSystem.AnAction;
import com.intellij.openapi.actionSystem.AnActionEvent;
import com.intellij.openapi.actionSystem.CommonDataKeys;
import com.intellij.openapi.editor.Editor;
import com.intellij.openapi.project.DumbAware;

/** What keys do to the change of a proposal that the caret of the diff stands at, or before. */
public abstract class ChangeAction extends AnAction implements DumbAware {
  abstract void act(Proposal proposal, Hunks.Hunk hunk);

  @Override
  public ActionUpdateThread getActionUpdateThread() {
    return ActionUpdateThread.EDT;
  }

  @Override
  public void update(AnActionEvent event) {
    Proposals.Window window = window(event);
    event.getPresentation().setEnabledAndVisible(window != null && !window.proposal().open().isEmpty());
  }

  @Override
  public void actionPerformed(AnActionEvent event) {
    Proposals.Window window = window(event);
    Hunks.Hunk hunk = window == null ? null : window.at(event.getData(CommonDataKeys.EDITOR));
    if (hunk != null) act(window.proposal(), hunk);
  }

  private static Proposals.Window window(AnActionEvent event) {
    Editor editor = event.getData(CommonDataKeys.EDITOR);
    return event.getProject() == null || editor == null ? null : Proposals.of(event.getProject()).of(editor);
  }

  public static final class Accept extends ChangeAction {
    @Override
    void act(Proposal proposal, Hunks.Hunk hunk) {
      proposal.accept(hunk);
    }
  }

  public static final class Discard extends ChangeAction {
    @Override
    void act(Proposal proposal, Hunks.Hunk hunk) {
      proposal.discard(hunk);
    }
  }
}
