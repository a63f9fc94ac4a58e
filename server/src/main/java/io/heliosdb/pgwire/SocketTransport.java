package io.heliosdb.pgwire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A TCP connection, plain or under TLS. The raw socket below TLS is kept, because only its close is
 * sure not to wait for a writer that is stuck.
 */
final class SocketTransport implements Transport {
    private final Socket raw;
    private final Socket socket;
    private final InputStream input;
    private final OutputStream output;
    private final String peer;

    SocketTransport(Socket socket) throws IOException {
        this(socket, socket);
        socket.setTcpNoDelay(true);
        socket.setKeepAlive(true);
    }

    private SocketTransport(Socket raw, Socket socket) throws IOException {
        this.raw = raw;
        this.socket = socket;
        input = socket.getInputStream();
        output = socket.getOutputStream();
        peer = raw.getInetAddress().getHostAddress() + ":" + raw.getPort();
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    @Override
    public void readTimeout(int millis) throws IOException {
        socket.setSoTimeout(millis);
    }

    @Override
    public void endInput() {
        try {
            raw.shutdownInput();
        } catch (IOException e) {
            close(); // The peer has gone already; a read that waits must end all the same.
        }
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public boolean canStartTls() {
        return !(socket instanceof SSLSocket);
    }

    @Override
    public Transport startTls(SSLContext context) throws IOException {
        var tls = (SSLSocket) context.getSocketFactory().createSocket(raw, null, true);
        tls.setUseClientMode(false);
        return new SocketTransport(raw, tls);
    }

    @Override
    public void close() {
        try {
            raw.close();
        } catch (IOException e) {
            // Closed as far as this side can close it.
            assert raw.isClosed();
        }
    }
}
