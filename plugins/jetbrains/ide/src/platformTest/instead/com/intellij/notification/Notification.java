package com.intellij.notification;

import com.intellij.openapi.actionSystem.AnAction;
import com.intellij.openapi.project.Project;
import com.intellij.openapi.ui.popup.Balloon;
import java.util.ArrayList;
import java.util.List;

/** Not in the jars of these tests: one that is kept, with a balloon that stays on the screen until {@link #fade} or its end. */
public final class Notification {
  /** All that were shown, in their order. */
  public static final List<Notification> SHOWN = new ArrayList<>();

  public final String text;
  public final List<NotificationAction> actions = new ArrayList<>();
  private Balloon balloon;
  private boolean expired;

  Notification(String text) {
    this.text = text;
  }

  /** Those that the IDE's list still has. */
  public static List<Notification> standing() {
    return SHOWN.stream().filter(one -> !one.expired).toList();
  }

  public void fade() {
    balloon = null;
  }

  public Notification addAction(AnAction action) {
    actions.add((NotificationAction) action);
    return this;
  }

  public void notify(Project project) {
    SHOWN.add(this);
    balloon = new Balloon() {};
  }

  public Balloon getBalloon() {
    return balloon;
  }

  public void expire() {
    expired = true;
    balloon = null;
  }
}
