package org.apache.commons.imaging.common;

import java.io.OutputStream;
import java.nio.ByteOrder;

public class BinaryOutputStream extends OutputStream {
  public BinaryOutputStream(OutputStream out, ByteOrder order) {}

  @Override
  public void write(int value) {}

  public void write2Bytes(int value) {}

  public void write4Bytes(int value) {}
}
