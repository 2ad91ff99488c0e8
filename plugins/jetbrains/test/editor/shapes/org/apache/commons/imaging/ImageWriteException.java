package org.apache.commons.imaging;

public class ImageWriteException extends Exception {}
