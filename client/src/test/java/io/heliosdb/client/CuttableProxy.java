package io.heliosdb.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Stands between a client and a server, and cuts, freezes and half-opens what goes through. */
public final class CuttableProxy implements AutoCloseable {
    private final int target;
    private final ServerSocket listening;
    private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition thawed = lock.newCondition();
    private boolean frozen;
    private volatile boolean closed;

    private record Pair(Socket client, Socket server) {
        void cut() {
            close(client);
            close(server);
        }
    }

    /** A proxy before a port of the loopback address. */
    public CuttableProxy(int target) throws IOException {
        this.target = target;
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("proxy").start(this::accept);
    }

    /** Where it accepts. */
    public int port() {
        return listening.getLocalPort();
    }

    /** How many connections go through. */
    public int connections() {
        return pairs.size();
    }

    /** Ends all connections, abruptly. */
    public void cut() {
        for (var pair : List.copyOf(pairs)) {
            try {
                // A reset, so that what is in flight is gone as in a real failure.
                pair.client().setSoLinger(true, 0);
                pair.server().setSoLinger(true, 0);
            } catch (IOException e) {
                assert e != null : "it was closed already";
            }
            pair.cut();
            pairs.remove(pair);
        }
    }

    /** Nothing goes through any more, and nothing is closed; not even what connects from now on. */
    public void freeze() {
        lock.lock();
        try {
            frozen = true;
        } finally {
            lock.unlock();
        }
    }

    /** Lets new connections through; those that were frozen are cut, as after a lost route. */
    public void thaw() {
        lock.lock();
        try {
            frozen = false;
            thawed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The server's side is gone; the client's side stands and is silent. */
    public void halfOpen() {
        for (var pair : pairs) {
            freeze();
            close(pair.server());
        }
    }

    private void accept() {
        while (!closed) {
            try {
                var client = listening.accept();
                Thread.ofVirtual().name("proxy-connection").start(() -> connect(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void connect(Socket client) {
        try {
            awaitThaw();
            client.setTcpNoDelay(true);
            var server = new Socket(InetAddress.getLoopbackAddress(), target);
            server.setTcpNoDelay(true);
            var pair = new Pair(client, server);
            pairs.add(pair);
            Thread.ofVirtual().start(() -> pump(pair, client, server));
            pump(pair, server, client);
        } catch (IOException | InterruptedException e) {
            close(client);
        }
    }

    private void pump(Pair pair, Socket from, Socket to) {
        var buffer = new byte[8192];
        try {
            int n;
            while ((n = from.getInputStream().read(buffer)) >= 0) {
                awaitThaw();
                to.getOutputStream().write(buffer, 0, n);
            }
        } catch (IOException | InterruptedException e) {
            assert e != null : "the pair ends";
        }
        try {
            // While frozen even an end does not come through.
            awaitThaw();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        pairs.remove(pair);
        pair.cut();
    }

    private void awaitThaw() throws InterruptedException {
        lock.lock();
        try {
            while (frozen && !closed) {
                thawed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        closed = true;
        thaw();
        try {
            listening.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        cut();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            assert e != null : "there is nothing left to do for it";
        }
    }
}
