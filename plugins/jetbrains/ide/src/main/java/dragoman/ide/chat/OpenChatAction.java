package dragoman.ide.chat;

import com.intellij.openapi.actionSystem.ActionUpdateThread;
import com.intellij.openapi.actionSystem.AnAction;
import com.intellij.openapi.actionSystem.AnActionEvent;
import com.intellij.openapi.actionSystem.CommonDataKeys;
import com.intellij.openapi.editor.Editor;
import com.intellij.openapi.project.DumbAware;
import com.intellij.openapi.project.Project;
import com.intellij.openapi.vfs.VirtualFile;
import dragoman.client.Protocol.ContextItem;

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
    ContextItem item = taken(event);
    ChatService service = ChatService.of(project);
    service.activate(() -> service.attach(item));
  }

  /** What is attached, or null. */
  ContextItem taken(AnActionEvent event) {
    return null;
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
    ContextItem taken(AnActionEvent event) {
      Editor editor = event.getData(CommonDataKeys.EDITOR);
      ContextItem selection = Attachable.selection(editor);
      if (selection != null) return selection;
      VirtualFile file = event.getData(CommonDataKeys.VIRTUAL_FILE);
      return file == null || !file.isInLocalFileSystem() ? null : ContextItem.file(file.toNioPath().toUri().toString());
    }
  }
}
