package com.intellij.diagnostic;

import com.intellij.openapi.diagnostic.ErrorReportSubmitter;
import com.intellij.openapi.diagnostic.IdeaLoggingEvent;

public class ITNReporter extends ErrorReportSubmitter {
  @Override
  public String getReportActionText() {
    return "";
  }

  public boolean showErrorInRelease(IdeaLoggingEvent event) {
    return false;
  }
}
