package dragoman.ide.chat;

import com.intellij.icons.AllIcons;
import com.intellij.openapi.actionSystem.ActionUpdateThread;
import com.intellij.openapi.actionSystem.AnAction;
import com.intellij.openapi.actionSystem.AnActionEvent;
import com.intellij.openapi.project.DumbAware;
import com.intellij.openapi.project.Project;
import com.intellij.openapi.wm.ToolWindow;
import com.intellij.openapi.wm.ToolWindowFactory;
import com.intellij.ui.content.Content;
import com.intellij.ui.content.ContentFactory;
import dragoman.ide.DragomanBundle;
import java.util.List;
import javax.swing.Icon;

/** The chat's tool window: the conversation, and above it what begins, finds and exports one. */
public final class ChatToolWindow implements ToolWindowFactory, DumbAware {
  @Override
  public void createToolWindowContent(Project project, ToolWindow window) {
    ChatService service = ChatService.of(project);
    Content content = ContentFactory.getInstance().createContent(service.view(), DragomanBundle.message("chat.tab"), false);
    content.setCloseable(false);
    content.setPreferredFocusableComponent(service.view().field());
    window.getContentManager().addContent(content);
    window.setTitleActions(
        List.of(
            new Button("chat.new", AllIcons.General.Add, service::newChat),
            new Button("chat.history", AllIcons.Vcs.History, () -> Popups.history(service)),
            new Button("chat.export", AllIcons.ToolbarDecorator.Export, () -> export(service))));
  }

  private static void export(ChatService service) {
    String conversation = service.chat().conversation();
    if (conversation.isEmpty()) service.tell(DragomanBundle.message("chat.nothingToExport"));
    else ChatExport.run(service, conversation, service.chat().title());
  }

  private static final class Button extends AnAction implements DumbAware {
    private final Runnable run;

    Button(String key, Icon icon, Runnable run) {
      super(DragomanBundle.message(key), null, icon);
      this.run = run;
    }

    @Override
    public ActionUpdateThread getActionUpdateThread() {
      return ActionUpdateThread.BGT;
    }

    @Override
    public void actionPerformed(AnActionEvent event) {
      run.run();
    }
  }
}
