package dragoman.ide.account;

import com.intellij.openapi.project.Project;
import dragoman.ide.ProjectAction;

/** <i>What left this machine?</i>, from the Tools menu. */
public final class ShowSentAction extends ProjectAction {
  @Override
  protected void act(Project project) {
    SentTab.show(project);
  }
}
