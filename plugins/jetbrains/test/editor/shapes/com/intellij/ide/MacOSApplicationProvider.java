package com.intellij.ide;

import com.intellij.openapi.project.Project;
import java.io.File;
import java.util.List;

public class MacOSApplicationProvider {
  public static boolean tryOpenFileList(Project project, List<? extends File> files, String location) {
    return false;
  }
}
