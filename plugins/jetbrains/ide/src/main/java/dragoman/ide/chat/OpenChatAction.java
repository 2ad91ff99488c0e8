package dragoman.ide.chat;

import com.intellij.openapi.actionSystem.ActionUpdateThread;
import com.intellij.openapi.actionSystem.AnAction;
import com.intellij.openapi.actionSystem.AnActionEvent;
import com.intellij.openapi.actionSystem.CommonDataKeys;
import com.intellij.openapi.project.DumbAware;
import com.intellij.openapi.project.Project;
import com.intellij.openapi.vfs.VirtualFile;
import dragoman.client.Protocol.ContextItem;
import java.nio.file.Path;
import java.util.List;

/** Opens the chat. {@link Add} takes the selection along, or the file. */
public class OpenChatAction extends AnAction implements DumbAware {
  @Override
  public ActionUpdateThread getActionUpdateThread() {
    return ActionUpdateThread.BGT;
  }

  @Override
  public void update(AnActionEvent event) {
    event.getPresentation().setEnabledAndVisible(event.getProject() != null);
  }

  @Override
  public void actionPerformed(AnActionEvent event) {
    Project project = event.getProject();
    if (project == null) return;
    ChatService service = ChatService.of(project);
    ContextItem selection = selection(event);
    List<Path> files = selection == null ? files(event) : List.of();
    service.activate(() -> {
      service.attach(selection);
      if (!files.isEmpty()) service.attachFiles(files);
    });
  }

  /** What of an editor is attached, or null. */
  ContextItem selection(AnActionEvent event) {
    return null;
  }

  /** Which files are attached, where no part of one is. */
  List<Path> files(AnActionEvent event) {
    return List.of();
  }

  /** With the selection of the editor, else its file, else the file that is selected in a tree. */
  public static final class Add extends OpenChatAction {
    @Override
    public void update(AnActionEvent event) {
      boolean something =
          event.getData(CommonDataKeys.EDITOR) != null || event.getData(CommonDataKeys.VIRTUAL_FILE) != null;
      event.getPresentation().setEnabledAndVisible(event.getProject() != null && something);
    }

    @Override
    ContextItem selection(AnActionEvent event) {
      return Attachable.selection(event.getData(CommonDataKeys.EDITOR));
    }

    @Override
    List<Path> files(AnActionEvent event) {
      VirtualFile file = event.getData(CommonDataKeys.VIRTUAL_FILE);
      return file == null || !file.isInLocalFileSystem() ? List.of() : List.of(file.toNioPath());
    }
  }
}
