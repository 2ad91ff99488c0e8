package com.intellij.openapi.util;

public interface UserDataHolderEx extends UserDataHolder {}
