package io.heliosdb.cli;

import picocli.CommandLine;

import java.net.InetSocketAddress;
import java.util.regex.Pattern;

/**
 * An address to listen on.
 *
 * @param host a name or an address, one of version 6 without its brackets
 * @param port 0 for any free one
 */
record HostPort(String host, int port) {
    private static final Pattern SHAPE =
            Pattern.compile("(?:\\[([^\\]]+)]|([^:\\[\\]]+)):(\\d{1,5})");

    static HostPort parse(String text) {
        var matcher = SHAPE.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > 65_535) {
            throw new CommandLine.TypeConversionException(
                    "HOST:PORT is expected, such as 127.0.0.1:5432, not '" + text + "'");
        }
        String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        return new HostPort(host, Integer.parseInt(matcher.group(3)));
    }

    static HostPort of(InetSocketAddress address) {
        return new HostPort(address.getAddress().getHostAddress(), address.getPort());
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
