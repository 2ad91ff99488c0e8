package dragoman.ide.testing;

import com.intellij.codeInsight.FileModificationService;
import com.intellij.codeInsight.daemon.DaemonCodeAnalyzerSettings;
import com.intellij.ide.passwordSafe.PasswordSafe;
import com.intellij.openapi.editor.colors.EditorColorsManager;
import com.intellij.openapi.editor.colors.EditorColorsScheme;
import com.intellij.openapi.ide.CopyPasteManager;
import com.intellij.openapi.project.Project;
import com.intellij.openapi.vfs.VirtualFile;
import com.intellij.psi.PsiElement;
import com.intellij.psi.PsiFile;
import com.intellij.psi.codeStyle.CodeStyleScheme;
import com.intellij.psi.codeStyle.CodeStyleSchemes;
import com.intellij.psi.codeStyle.CodeStyleSettings;
import dragoman.ide.Platform;
import java.util.Collection;

/** Services that an editor asks for, of parts of the platform that are not compiled: as little as will do. */
final class StandIns {
  private StandIns() {}

  static void register() {
    Ide.service(
        DaemonCodeAnalyzerSettings.class,
        new DaemonCodeAnalyzerSettings() {
          @Override
          public boolean isCodeHighlightingChanged(DaemonCodeAnalyzerSettings old) {
            return false;
          }
        });
    Ide.service(CodeStyleSchemes.class, new OneStyle());
    Ide.service(CopyPasteManager.class, new Clipboard());
    Ide.service(PasswordSafe.class, new Safe());
    Ide.service(FileModificationService.class, new Writable());
  }

  /** One colour scheme, the platform's first. */
  static final class Colours extends EditorColorsManager {
    private final EditorColorsScheme only;

    Colours(EditorColorsScheme only) {
      this.only = only;
    }

    @Override
    public void addColorsScheme(EditorColorsScheme scheme) {}

    @Override
    public void removeAllSchemes() {}

    @Override
    public EditorColorsScheme[] getAllSchemes() {
      return new EditorColorsScheme[] {only};
    }

    @Override
    public void setGlobalScheme(EditorColorsScheme scheme) {}

    @Override
    public EditorColorsScheme getGlobalScheme() {
      return only;
    }

    @Override
    public EditorColorsScheme getScheme(String name) {
      return only;
    }

    @Override
    public boolean isDefaultScheme(EditorColorsScheme scheme) {
      return true;
    }

    @Override
    public boolean isUseOnlyMonospacedFonts() {
      return false;
    }

    @Override
    public void setUseOnlyMonospacedFonts(boolean only) {}

    @Override
    public EditorColorsScheme getSchemeForCurrentUITheme() {
      return only;
    }

    @Override
    public boolean isDarkEditor() {
      return false;
    }
  }

  /** One code style, the platform's defaults. */
  private static final class OneStyle extends CodeStyleSchemes {
    private final CodeStyleSettings settings = new CodeStyleSettings(false);
    private final CodeStyleScheme only =
        Platform.fake(
            CodeStyleScheme.class,
            (method, arguments) ->
                switch (method) {
                  case "getCodeStyleSettings" -> settings;
                  case "getName", "getDisplayName" -> "Default";
                  case "isDefault" -> true;
                  default -> null;
                });

    @Override
    public CodeStyleScheme getCurrentScheme() {
      return only;
    }

    @Override
    public void setCurrentScheme(CodeStyleScheme scheme) {}

    @Override
    public CodeStyleScheme createNewScheme(String name, CodeStyleScheme parent) {
      return only;
    }

    @Override
    public void deleteScheme(CodeStyleScheme scheme) {}

    @Override
    public CodeStyleScheme findSchemeByName(String name) {
      return only;
    }

    @Override
    public CodeStyleScheme findPreferredScheme(String name) {
      return only;
    }

    @Override
    public CodeStyleScheme getDefaultScheme() {
      return only;
    }

    @Override
    public void addScheme(CodeStyleScheme scheme) {}
  }

  /** Every file may be written. */
  private static final class Writable extends FileModificationService {
    @Override
    public boolean preparePsiElementsForWrite(Collection<? extends PsiElement> elements) {
      return true;
    }

    @Override
    public boolean prepareFileForWrite(PsiFile file) {
      return true;
    }

    @Override
    public boolean prepareVirtualFilesForWrite(Project project, Collection<VirtualFile> files) {
      return true;
    }
  }
}
