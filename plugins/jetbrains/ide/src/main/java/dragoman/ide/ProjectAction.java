package dragoman.ide;

import com.intellij.openapi.actionSystem.ActionUpdateThread;
import com.intellij.openapi.actionSystem.AnAction;
import com.intellij.openapi.actionSystem.AnActionEvent;
import com.intellij.openapi.project.DumbAware;
import com.intellij.openapi.project.Project;

/** An action that wants an open project and nothing else. */
public abstract class ProjectAction extends AnAction implements DumbAware {
  /** On the UI thread. */
  protected abstract void act(Project project);

  @Override
  public final ActionUpdateThread getActionUpdateThread() {
    return ActionUpdateThread.BGT;
  }

  @Override
  public final void update(AnActionEvent event) {
    event.getPresentation().setEnabledAndVisible(event.getProject() != null);
  }

  @Override
  public final void actionPerformed(AnActionEvent event) {
    if (event.getProject() != null) act(event.getProject());
  }
}
