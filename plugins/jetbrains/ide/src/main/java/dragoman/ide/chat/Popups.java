package dragoman.ide.chat;

import com.intellij.openapi.editor.Editor;
import com.intellij.openapi.fileChooser.FileChooser;
import com.intellij.openapi.fileChooser.FileChooserDescriptorFactory;
import com.intellij.openapi.project.Project;
import com.intellij.openapi.ui.Messages;
import com.intellij.openapi.ui.popup.JBPopup;
import com.intellij.openapi.ui.popup.JBPopupFactory;
import com.intellij.openapi.vfs.VirtualFile;
import dragoman.chat.Attachment;
import dragoman.chat.Words;
import dragoman.chat.markdown.Visible;
import dragoman.chat.view.Conversations;
import dragoman.client.Protocol.ChatHead;
import dragoman.client.Protocol.ContextItem;
import dragoman.client.Protocol.Model;
import dragoman.client.Protocol.Models;
import dragoman.ide.DragomanBundle;
import dragoman.ide.Menu;
import dragoman.ide.Menu.Row;
import dragoman.ide.Question;
import dragoman.ide.models.ModelLabels;
import java.awt.Dimension;
import java.util.ArrayList;
import java.util.List;

/** What is picked from a list: attachments, a model, a conversation. On the UI thread. */
final class Popups {
  private Popups() {}

  /** Asks what the next question takes along, among what there is now. */
  static void attach(ChatService service) {
    Project project = service.project();
    Editor editor = Attachable.editor(project);
    List<Row> rows = new ArrayList<>();
    offer(rows, service, "attach.selection", Attachable.selection(editor));
    offer(rows, service, "attach.file", Attachable.file(editor));
    offer(rows, service, "attach.problems", Attachable.problems(project, editor));
    offer(rows, service, "attach.staged", ContextItem.gitDiff(true));
    rows.add(new Row(DragomanBundle.message("attach.files"), () -> attachFiles(service)));
    show(rows, DragomanBundle.message("attach.title"), project);
  }

  /** Asks for the model of the next question; the list is the daemon's. */
  static void chooseModel(ChatService service) {
    service.backend().models(false).whenComplete((models, reason) -> service.later(() -> {
      if (reason != null) service.report(reason);
      else show(rows(service, models), service.words().get("model.search"), service.project());
    }));
  }

  /** The conversations that are kept. */
  static void history(ChatService service) {
    Project project = service.project();
    JBPopup[] popup = new JBPopup[1];
    Conversations list =
        new Conversations(
            service.backend(),
            service::later,
            service.look(),
            service.words(),
            new HistoryActions(service, () -> popup[0].closeOk(null)));
    popup[0] =
        JBPopupFactory.getInstance()
            .createComponentPopupBuilder(list, list.field())
            .setTitle(service.words().get("history"))
            .setRequestFocus(true)
            .setResizable(true)
            .setMovable(true)
            .setMinSize(new Dimension(service.look().px(420), service.look().px(320)))
            .createPopup();
    popup[0].showCenteredInCurrentWindow(project);
  }

  private static void offer(List<Row> rows, ChatService service, String key, ContextItem item) {
    if (item == null) return;
    String name = Attachment.of(item, service.words(), service::shorten).name();
    String label = DragomanBundle.message(key);
    rows.add(new Row(label.equals(name) ? label : label + " \u2014 " + name, () -> service.attachAll(List.of(item))));
  }

  private static void attachFiles(ChatService service) {
    FileChooser.chooseFiles(
        FileChooserDescriptorFactory.createMultipleFilesNoJarsDescriptor(),
        service.project(),
        null,
        files ->
            service.attachFiles(files.stream().map(VirtualFile::toNioPath).toList()));
  }

  private static List<Row> rows(ChatService service, Models models) {
    Words words = service.words();
    List<Row> rows = new ArrayList<>();
    String configured = models.selected() == null ? null : models.selected().get("chat");
    String usual = words.get("defaultModel") + (configured == null ? "" : " \u2014 " + configured);
    rows.add(new Row(usual, () -> service.chat().setModel("")));
    for (Model model : models.models()) {
      String label = ModelLabels.of(model, service.chat().model(), words);
      rows.add(new Row(label, () -> service.chat().setModel(model.id())));
    }
    return rows;
  }

  private static void show(List<Row> rows, String title, Project project) {
    Menu.of(title, rows).showCenteredInCurrentWindow(project);
  }

  /** What is done with a conversation of the list. */
  private record HistoryActions(ChatService service, Runnable close) implements Conversations.Actions {
    @Override
    public void open(ChatHead head) {
      close.run();
      service.activate(() -> service.chat().open(head.id()).exceptionally(reason -> {
        service.report(reason);
        return null;
      }));
    }

    @Override
    public void rename(ChatHead head, Runnable changed) {
      String question = DragomanBundle.message("history.rename");
      String title =
          Messages.showInputDialog(
              service.project(), question, service.words().get("history"), null, head.title(), null);
      if (title == null || title.isBlank() || title.equals(head.title())) return;
      String now = title.strip();
      service.backend().rename(head.id(), now).whenComplete((done, reason) -> service.later(() -> {
        if (reason != null) service.report(reason);
        else if (service.chat().conversation().equals(head.id())) service.chat().renamed(now);
        changed.run();
      }));
    }

    @Override
    public void export(ChatHead head) {
      ChatExport.run(service, head.id(), head.title());
    }

    @Override
    public void delete(ChatHead head, Runnable changed) {
      String delete = service.words().get("delete");
      String question = DragomanBundle.message("history.delete");
      if (!Question.ask(service.project(), delete, question, Visible.text(head.title()), delete)) return;
      service.backend().delete(head.id()).whenComplete((done, reason) -> service.later(() -> {
        if (reason != null) service.report(reason);
        else if (service.chat().conversation().equals(head.id())) service.chat().clear();
        changed.run();
      }));
    }
  }
}
