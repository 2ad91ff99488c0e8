package org.jetbrains.io;

import io.netty.channel.ChannelInboundHandlerAdapter;

public class DelegatingHttpRequestHandler extends ChannelInboundHandlerAdapter {}
