package dragoman.ide.account;

import com.intellij.openapi.editor.colors.EditorColorsManager;
import com.intellij.openapi.editor.colors.EditorFontType;
import com.intellij.openapi.ide.CopyPasteManager;
import com.intellij.openapi.project.Project;
import com.intellij.openapi.wm.ToolWindow;
import com.intellij.openapi.wm.ToolWindowManager;
import com.intellij.ui.content.Content;
import com.intellij.ui.content.ContentFactory;
import com.intellij.ui.content.ContentManager;
import dragoman.client.DragomanServer;
import dragoman.ide.DragomanService;
import dragoman.ide.chat.ChatService;
import java.awt.Font;
import java.awt.datatransfer.StringSelection;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** An account that the daemon gives of what it did, as a text in a tab beside the chat. On the UI thread. */
abstract class AccountTab<T> {
  final Project project;
  private final String title;
  private final AccountView view;

  /** @param title what the tab is called, and found again by */
  AccountTab(Project project, String title) {
    this.project = project;
    this.title = title;
    Font font = EditorColorsManager.getInstance().getGlobalScheme().getFont(EditorFontType.PLAIN);
    view = new AccountView(title, font, this::refresh, text -> CopyPasteManager.getInstance().setContents(new StringSelection(text)));
  }

  /** How to ask for it now. What it returns runs on any thread, once a daemon does. */
  abstract Function<DragomanServer, CompletableFuture<T>> request();

  /** What a person reads; a sentence where there is nothing to tell. */
  abstract String text(T account);

  /** Brings it to the front, in place of an older one, with the newest account in it. */
  final void open() {
    ToolWindow window = ToolWindowManager.getInstance(project).getToolWindow(ChatService.TOOL_WINDOW);
    if (window == null) return;
    ContentManager contents = window.getContentManager();
    Content old = contents.findContent(title);
    if (old != null) contents.removeContent(old, true);
    Content content = ContentFactory.getInstance().createContent(view, title, false);
    content.setPreferredFocusableComponent(view.field());
    contents.addContent(content);
    contents.setSelectedContent(content);
    refresh();
    window.activate(null);
  }

  private void refresh() {
    DragomanService service = DragomanService.of(project);
    service
        .dragoman()
        .ask(request())
        .whenComplete((account, reason) ->
            service.onUi(() -> view.show(reason == null ? text(account) : service.messages().words(reason))));
  }
}
