package dragoman.ide.models;

import com.intellij.openapi.project.Project;
import dragoman.ide.ProjectAction;

/** Chooses the model of suggestions, chat or edits, from the Tools menu. */
public final class ChooseModelAction extends ProjectAction {
  @Override
  protected void act(Project project) {
    ModelChoice.start(project);
  }
}
