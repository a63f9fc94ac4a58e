package io.heliosdb.pgwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

@Timeout(30)
final class ChannelTransportTest {
    private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

    @TempDir Path folder;
    private Door.Unix door;
    private Transport client;
    private Transport server;

    @BeforeEach
    void connect() throws IOException {
        var path = folder.resolve("socket");
        door = Door.unix(path);
        client =
                new ChannelTransport(
                        SocketChannel.open(UnixDomainSocketAddress.of(path)), path.toString());
        server = door.accept();
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
        door.close();
    }

    @Test
    void onlyTheOwnerMayConnect() throws IOException {
        var permissions = Files.getPosixFilePermissions(door.path());
        assertThat(PosixFilePermissions.toString(permissions)).isEqualTo("rw-------");
        assertThat(folder.toFile().list()).containsExactly("socket");
    }

    @Test
    void replacesThePathThatADeadOwnerLeft() throws IOException {
        try (var other = Door.unix(door.path());
                var channel = SocketChannel.open(UnixDomainSocketAddress.of(door.path()))) {
            assertThat(channel.isConnected()).isTrue();
            other.accept().close();
        }
    }

    @Test
    void bytesPassBothWays() throws IOException {
        client.output().write(new byte[] {1, 2, 3});
        assertThat(server.input().readNBytes(3)).containsExactly(1, 2, 3);
        server.output().write(4);
        assertThat(client.input().read()).isEqualTo(4);
    }

    @Test
    void manyBytesPassThroughAFullSocket() throws Exception {
        var sent = new byte[4_000_000];
        sent[3_999_999] = 7;
        var received =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return client.input().readNBytes(sent.length);
                            } catch (IOException e) {
                                throw new AssertionError(e);
                            }
                        },
                        THREADS);
        server.output().write(sent);
        assertThat(received.get()).isEqualTo(sent);
    }

    @Test
    void readTimesOutAndGoesOn() throws IOException {
        server.readTimeout(1);
        assertThatThrownBy(() -> server.input().read()).isInstanceOf(SocketTimeoutException.class);
        client.output().write(5);
        server.readTimeout(0);
        assertThat(server.input().read()).isEqualTo(5);
    }

    @Test
    void endedInputWakesTheReaderAndLeavesTheOutput() throws Exception {
        var read = CompletableFuture.supplyAsync(this::readOne, THREADS);
        server.endInput();
        assertThat(read.get()).isEqualTo(-1);
        server.output().write(6);
        assertThat(client.input().read()).isEqualTo(6);
    }

    @Test
    void closeEndsAReadAndTheClientSeesIt() throws Exception {
        var read = CompletableFuture.supplyAsync(this::readOne, THREADS);
        server.close();
        assertThat(read.get()).isIn(-1, -2);
        assertThat(client.input().read()).isEqualTo(-1);
    }

    @Test
    void interruptIsKeptAndEndsNoRead() throws Exception {
        var interruptedAfterwards = new CompletableFuture<Boolean>();
        var reader =
                Thread.ofPlatform()
                        .start(() -> {
                            assertThat(readOne()).isEqualTo(9);
                            interruptedAfterwards.complete(Thread.currentThread().isInterrupted());
                        });
        reader.interrupt();
        client.output().write(9);
        assertThat(interruptedAfterwards.get()).isTrue();
    }

    private int readOne() {
        try {
            return server.input().read();
        } catch (IOException e) {
            return -2;
        }
    }
}
