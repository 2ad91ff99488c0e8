package dragoman.ide.testing;

import com.intellij.mock.MockDumbService;
import com.intellij.mock.MockProjectEx;
import com.intellij.mock.MockPsiDocumentManager;
import com.intellij.openapi.Disposable;
import com.intellij.openapi.application.ApplicationManager;
import com.intellij.openapi.command.impl.UndoManagerImpl;
import com.intellij.openapi.command.undo.UndoManager;
import com.intellij.openapi.components.ExtensionAreas;
import com.intellij.openapi.editor.Document;
import com.intellij.openapi.extensions.Extensions;
import com.intellij.openapi.project.DumbService;
import com.intellij.psi.PsiDocumentManager;
import com.intellij.psi.PsiFile;
import com.intellij.psi.codeStyle.ProjectCodeStyleSettingsManager;
import com.intellij.util.messages.MessageBus;
import com.intellij.util.messages.MessageBusFactory;

/** A project where nothing is parsed, with the undo of the platform. On the UI thread. */
final class TestProject extends MockProjectEx {
  private MessageBus bus;

  TestProject(Disposable parent) {
    super(parent);
    PlatformServices.points(Extensions.getArea(this), ExtensionAreas.IDEA_PROJECT);
    addComponent(PsiDocumentManager.class, new NothingParsed());
    registerService(DumbService.class, new MockDumbService(this));
    registerService(ProjectCodeStyleSettingsManager.class, new ProjectCodeStyleSettingsManager());
    getPicoContainer().registerComponentInstance(UndoManager.class, new UndoManagerImpl(this)); // before the application's
  }

  /** A child of the application's, over which commands are announced. */
  @Override
  public MessageBus getMessageBus() {
    if (bus == null) bus = MessageBusFactory.newMessageBus(this, ApplicationManager.getApplication().getMessageBus());
    return bus;
  }

  /** Of a project where no text is a program. */
  private static final class NothingParsed extends MockPsiDocumentManager {
    @Override
    public PsiFile getPsiFile(Document document) {
      return null;
    }

    @Override
    public PsiFile getCachedPsiFile(Document document) {
      return null;
    }

    @Override
    public boolean isDocumentBlockedByPsi(Document document) {
      return false;
    }
  }
}
