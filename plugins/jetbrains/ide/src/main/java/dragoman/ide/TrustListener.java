package dragoman.ide;

import com.intellij.ide.trustedProjects.TrustedProjectsListener;
import com.intellij.openapi.project.Project;

/** Hears that a person trusts a project, or no longer does: the daemon starts or ends with that. */
public final class TrustListener implements TrustedProjectsListener {
  @Override
  public void onProjectTrusted(Project project) {
    tell(project);
  }

  @Override
  public void onProjectUntrusted(Project project) {
    tell(project);
  }

  private static void tell(Project project) {
    DragomanService service = project.getServiceIfCreated(DragomanService.class);
    if (service != null) service.trustChanged();
  }
}
