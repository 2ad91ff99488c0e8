package dragoman.ide.chat;

import com.intellij.ide.BrowserUtil;
import com.intellij.ide.util.PropertiesComponent;
import com.intellij.openapi.Disposable;
import com.intellij.openapi.editor.Editor;
import com.intellij.openapi.ide.CopyPasteManager;
import com.intellij.openapi.project.Project;
import com.intellij.openapi.wm.ToolWindow;
import com.intellij.openapi.wm.ToolWindowManager;
import dragoman.chat.Backend;
import dragoman.chat.Chat;
import dragoman.chat.DaemonBackend;
import dragoman.chat.Words;
import dragoman.chat.markdown.Visible;
import dragoman.chat.view.ChatView;
import dragoman.chat.view.Desk;
import dragoman.chat.view.Look;
import dragoman.chat.view.SimpleHighlighter;
import dragoman.client.Protocol.ContextItem;
import dragoman.ide.Documents;
import dragoman.ide.DragomanBundle;
import dragoman.ide.DragomanService;
import dragoman.ide.Question;
import dragoman.ide.edit.Proposal;
import java.awt.datatransfer.StringSelection;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The project's chat: one conversation at a time, in the tool window. On the UI thread. */
public final class ChatService implements Disposable {
  public static final String TOOL_WINDOW = "dragoman";
  private static final String REMEMBERED = "dragoman.chat.conversation";

  private final Project project;
  private final DragomanService service;
  private final Backend backend;
  private final Look look = new IdeLook();
  private final Words words = Words.of(DragomanBundle.locale());
  private final Chat chat;
  private ChatView view;

  public ChatService(Project project) {
    this.project = project;
    service = DragomanService.of(project);
    backend = new DaemonBackend(service.dragoman());
    chat = new Chat(new Chat.Surroundings(backend, service::onUi, words, this::currentUri, this::shorten));
    chat.addListener(new Remembering());
  }

  public static ChatService of(Project project) {
    return project.getService(ChatService.class);
  }

  /** The view, made when it is first asked for; it shows the conversation that was open last. */
  ChatView view() {
    if (view != null) return view;
    view = new ChatView(chat, look, new IdeHighlighter(project).orElse(new SimpleHighlighter(look)), words, new IdeDesk());
    String last = PropertiesComponent.getInstance(project).getValue(REMEMBERED);
    // Where the daemon does not know it any more, an empty chat says enough.
    if (last != null && !last.isEmpty()) chat.open(last).exceptionally(reason -> null);
    return view;
  }

  Chat chat() {
    return chat;
  }

  Look look() {
    return look;
  }

  Words words() {
    return words;
  }

  Backend backend() {
    return backend;
  }

  Project project() {
    return project;
  }

  void tell(String sentence) {
    service.messages().tell(sentence);
  }

  /** Shows a failure, on the UI thread. */
  void report(Throwable reason) {
    service.onUi(() -> service.messages().report(reason));
  }

  /** Runs on the UI thread, unless the project is closed. */
  void later(Runnable run) {
    service.onUi(run);
  }

  /** Brings the chat to the front and the cursor to where a question is written. */
  public void activate(Runnable then) {
    ToolWindow window = ToolWindowManager.getInstance(project).getToolWindow(TOOL_WINDOW);
    if (window == null) return;
    window.activate(() -> {
      then.run();
      view().field().requestFocusInWindow();
    });
  }

  /** Attaches something to the next question; null is nothing. */
  public void attach(ContextItem item) {
    if (item != null) chat.attachItem(item);
  }

  /** Attaches files as they are: pictures by what they show, others for the daemon to read. */
  void attachFiles(List<Path> files) {
    chat.take(CompletableFuture.supplyAsync(() -> chat.intake().files(files)));
    view().field().requestFocusInWindow();
  }

  /**
   * Has the code at the caret explained, in a conversation of its own. While another answer is being written, the code is
   * attached to the next question.
   */
  public void explain(Editor editor) {
    service.documents().open(editor.getDocument());
    Explanation asked = Explanation.of(project, editor);
    activate(() -> {
      view(); // before the question: it opens the last conversation
      if (chat.sendAnew(asked.prompt(), asked.context())) return;
      asked.context().forEach(this::attach);
      tell(DragomanBundle.message("chat.busy"));
    });
  }

  public void newChat() {
    chat.clear();
    view().field().requestFocusInWindow();
  }

  @Override
  public void dispose() {
    chat.dispose();
    if (view != null) view.dispose();
  }

  /** As from the project's folder. */
  String shorten(String uri) {
    return Documents.shorten(project, uri);
  }

  private String currentUri() {
    service.documents().follow();
    Editor editor = Attachable.editor(project);
    if (editor == null) return null;
    service.documents().open(editor.getDocument());
    return Documents.uriOf(editor.getDocument());
  }

  private void withEditor(Consumer<Editor> action) {
    Editor editor = Attachable.editor(project);
    if (editor == null) tell(DragomanBundle.message("chat.noFile"));
    else action.accept(editor);
  }

  private final class Remembering implements Chat.Listener {
    @Override
    public void titleChanged() {
      PropertiesComponent.getInstance(project).setValue(REMEMBERED, chat.conversation());
    }

    @Override
    public void modelChanged() {}

    @Override
    public void attachmentsChanged() {}
  }

  private final class IdeDesk implements Desk {
    @Override
    public void copy(String code) {
      CopyPasteManager.getInstance().setContents(new StringSelection(code));
    }

    @Override
    public void insert(String code) {
      withEditor(editor -> Proposal.insert(project, editor, code));
    }

    @Override
    public void apply(String code) {
      withEditor(editor -> Proposal.ofCode(project, editor, code));
    }

    @Override
    public void openLink(String url) {
      String title = DragomanBundle.message("chat.openLink.title");
      String question = DragomanBundle.message("chat.openLink");
      if (Question.ask(project, title, question, Visible.text(url), title)) BrowserUtil.browse(url);
    }

    @Override
    public void attach() {
      Popups.attach(ChatService.this);
    }

    @Override
    public void chooseModel() {
      Popups.chooseModel(ChatService.this);
    }

    @Override
    public void report(Throwable reason) {
      ChatService.this.report(reason);
    }
  }

  /** Adds what a person picked, in their order. */
  void attachAll(List<ContextItem> items) {
    items.forEach(this::attach);
    view().field().requestFocusInWindow();
  }
}
