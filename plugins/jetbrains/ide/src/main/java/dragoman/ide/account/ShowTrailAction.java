package dragoman.ide.account;

import com.intellij.openapi.project.Project;
import dragoman.ide.ProjectAction;

/** <i>Why is there no suggestion?</i>, from the Tools menu. */
public final class ShowTrailAction extends ProjectAction {
  @Override
  protected void act(Project project) {
    TrailTab.show(project);
  }
}
