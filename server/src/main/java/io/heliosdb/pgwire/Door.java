package io.heliosdb.pgwire;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Where clients come in: an address that is listened on. Closing it makes a waiting accept fail.
 */
sealed interface Door extends AutoCloseable {
    /** How many clients may wait to be let in. */
    int BACKLOG = 512;

    /** Waits for the next client. */
    Transport accept() throws IOException;

    boolean isOpen();

    @Override
    void close();

    /**
     * Listens on TCP.
     *
     * @throws PgException 58030 where the address cannot be had
     */
    static Tcp tcp(String host, int port) {
        try {
            var socket = new ServerSocket();
            try {
                socket.bind(new InetSocketAddress(InetAddress.getByName(host), port), BACKLOG);
            } catch (IOException e) {
                socket.close();
                throw e;
            }
            return new Tcp(socket);
        } catch (IOException e) {
            throw refuse("could not listen on " + host + ":" + port, e);
        }
    }

    /**
     * Listens on a Unix-domain socket that only its owner may use. It is made in a private folder
     * and moved into place, so that there is no moment at which others could connect.
     *
     * @throws PgException 58030 where the path cannot be had
     */
    static Unix unix(Path path) {
        try {
            var folder =
                    Files.createTempDirectory(
                            path.toAbsolutePath().getParent(),
                            ".s",
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rwx------")));
            var made = folder.resolve("s");
            var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.bind(UnixDomainSocketAddress.of(made), BACKLOG);
                Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
                Files.move(made, path, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                channel.close();
                throw e;
            } finally {
                Files.deleteIfExists(made);
                Files.delete(folder);
            }
            return new Unix(channel, path);
        } catch (IOException e) {
            throw refuse("could not create Unix socket \"" + path + '"', e);
        }
    }

    private static PgException refuse(String message, IOException cause) {
        return new PgException(
                Report.of(Severity.FATAL, SqlState.IO_ERROR, message + ": " + cause.getMessage()),
                cause);
    }

    /**
     * A TCP port.
     *
     * @param socket listens
     */
    record Tcp(ServerSocket socket) implements Door {
        InetSocketAddress address() {
            SocketAddress bound = socket.getLocalSocketAddress();
            return (InetSocketAddress) bound;
        }

        @Override
        public Transport accept() throws IOException {
            var client = socket.accept();
            try {
                return new SocketTransport(client);
            } catch (IOException e) {
                client.close();
                throw new ClientGoneException(e);
            }
        }

        @Override
        public boolean isOpen() {
            return !socket.isClosed();
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                assert socket.isClosed();
            }
        }
    }

    /**
     * A Unix-domain socket.
     *
     * @param channel listens
     * @param path where it is found
     */
    record Unix(ServerSocketChannel channel, Path path) implements Door {
        @Override
        public Transport accept() throws IOException {
            var client = channel.accept();
            try {
                return new ChannelTransport(client, "[local]");
            } catch (IOException e) {
                throw new ClientGoneException(e);
            }
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() {
            try {
                channel.close();
                Files.deleteIfExists(path);
            } catch (IOException e) {
                // A path that stays behind is replaced by the next owner.
                assert !channel.isOpen();
            }
        }
    }

    /** A client went away before it was let in; the door stands. */
    final class ClientGoneException extends IOException {
        private static final long serialVersionUID = 1L;

        ClientGoneException(IOException cause) {
            super(cause);
        }
    }
}
