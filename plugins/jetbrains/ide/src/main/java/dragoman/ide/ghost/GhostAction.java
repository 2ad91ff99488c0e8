package dragoman.ide.ghost;

import com.intellij.openapi.actionSystem.ActionPromoter;
import com.intellij.openapi.actionSystem.ActionUpdateThread;
import com.intellij.openapi.actionSystem.AnAction;
import com.intellij.openapi.actionSystem.AnActionEvent;
import com.intellij.openapi.actionSystem.CommonDataKeys;
import com.intellij.openapi.actionSystem.DataContext;
import com.intellij.openapi.editor.Editor;
import com.intellij.openapi.project.DumbAware;
import dragoman.client.GhostText.Extent;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys of a suggestion that {@link GhostPresenter} draws. Where the platform draws, none is ever enabled, and the keys
 * are the platform's.
 */
abstract class GhostAction extends AnAction implements DumbAware {
  /** What the action does to the suggestion. */
  abstract void act(GhostPresenter presenter);

  @Override
  public ActionUpdateThread getActionUpdateThread() {
    return ActionUpdateThread.EDT;
  }

  @Override
  public void update(AnActionEvent event) {
    event.getPresentation().setEnabledAndVisible(GhostPresenter.showsIn(event.getData(CommonDataKeys.EDITOR)));
  }

  @Override
  public void actionPerformed(AnActionEvent event) {
    Editor editor = event.getData(CommonDataKeys.EDITOR);
    if (GhostPresenter.showsIn(editor)) act(GhostPresenter.of(editor));
  }

  public static final class Accept extends GhostAction {
    @Override
    void act(GhostPresenter presenter) {
      presenter.accept(Extent.ALL);
    }
  }

  public static final class AcceptWord extends GhostAction {
    @Override
    void act(GhostPresenter presenter) {
      presenter.accept(Extent.WORD);
    }
  }

  public static final class AcceptLine extends GhostAction {
    @Override
    void act(GhostPresenter presenter) {
      presenter.accept(Extent.LINE);
    }
  }

  /** Needs no arm of its own with IdeaVim: leaving its insert mode moves the caret, which hides the suggestion. */
  public static final class Dismiss extends GhostAction {
    @Override
    void act(GhostPresenter presenter) {
      presenter.dismiss();
    }
  }

  /** Puts these before others on the same keys (Tab, Escape, IdeaVim's); one that is not enabled stands in nobody's way. */
  public static final class Promoter implements ActionPromoter {
    @Override
    public List<AnAction> promote(List<? extends AnAction> actions, DataContext context) {
      List<AnAction> ours = new ArrayList<>();
      for (AnAction action : actions) if (action instanceof GhostAction) ours.add(action);
      return ours;
    }
  }
}
