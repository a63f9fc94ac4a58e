package io.heliosdb.differential;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Clients that break the protocol, stall or stop reading. Each harms its own connection only: a
 * bystander that was there before still hears and asks, and a newcomer still gets in. The answers
 * are those of PostgreSQL, which passes too.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HostileClientTest {

    private static final int SSL_REQUEST = 80877103;
    private static final int PROTOCOL_2_0 = 131072;

    static List<Target> targets() {
        return Target.all().toList();
    }

    static Stream<Arguments> startUpGarbage() {
        return withTargets(
                new Bytes.Named("http", "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII)),
                new Bytes.Named(
                        "TLS ClientHello", new byte[] {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3}),
                new Bytes.Named("zeroes", new byte[64]),
                new Bytes.Named("all ones", filled(64, -1)),
                new Bytes.Named("length 7", Bytes.join(Peer.int32(7), new byte[3])),
                new Bytes.Named("length 10001", Bytes.join(Peer.int32(10001), new byte[10])),
                new Bytes.Named("negative length", Bytes.join(Peer.int32(-5), new byte[10])),
                new Bytes.Named(
                        "length 2 GB", Bytes.join(Peer.int32(Integer.MAX_VALUE), new byte[10])));
    }

    @ParameterizedTest
    @MethodSource("startUpGarbage")
    void garbageInsteadOfAStartUpPacketEndsInSilence(Target target, Bytes.Named garbage)
            throws IOException {
        besides(
                target,
                () -> {
                    try (Peer peer = Peer.connect(target)) {
                        peer.send(garbage.bytes());
                        assertThat(peer.readToEnd(Peer.PATIENCE)).isEmpty();
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("targets")
    void aStartUpPacketThatIsNotWellFormedIsRefused(Target target) throws IOException {
        byte[] unterminated = "\0\3\0\0user\0postgres".getBytes(US_ASCII);
        try (Peer peer = Peer.connect(target)) {
            peer.send(Peer.int32(unterminated.length + 4), unterminated);
            assertFatal(peer, "08P01");
        }
        try (Peer peer = Peer.connect(target)) {
            peer.send(Peer.startupPacket("database", target.database()));
            assertFatal(peer, "28000");
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void unknownRoleAndDatabaseAreRefused(Target target) throws IOException {
        try (Peer peer = Peer.connect(target)) {
            peer.send(Peer.startupPacket("user", "nobody_here", "database", target.database()));
            assertFatal(peer, "28000");
        }
        try (Peer peer = Peer.connect(target)) {
            peer.send(Peer.startupPacket("user", target.user(), "database", "nothing_here"));
            assertFatal(peer, "3D000");
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void anOldProtocolIsRefusedInItsOwnWords(Target target) throws IOException {
        try (Peer peer = Peer.connect(target)) {
            peer.send(Peer.int32(296), Peer.int32(PROTOCOL_2_0), new byte[288]);
            assertThat(peer.readByte()).isEqualTo('E');
            String text = new String(peer.readRest(), UTF_8);
            assertThat(text).contains("unsupported frontend protocol 2.0").endsWith("\0");
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void aSecondRequestForTlsIsRefused(Target target) throws IOException {
        try (Peer peer = Peer.connect(target)) {
            byte[] request = Bytes.join(Peer.int32(8), Peer.int32(SSL_REQUEST));
            peer.send(request);
            assertThat(peer.readByte()).isEqualTo('N');
            peer.send(request);
            assertFatal(peer, "0A000");
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void aStartUpThatNeverEndsIsEndedByTheServer(Target target) throws IOException {
        byte[] packet = Peer.startupPacket("user", target.user(), "database", target.database());
        besides(
                target,
                () -> {
                    List<Peer> stalled = new ArrayList<>();
                    for (int sent = 0; sent < 20; sent++) {
                        Peer peer = Peer.connect(target);
                        peer.send(Arrays.copyOf(packet, sent));
                        stalled.add(peer);
                    }
                    // While they stall, others come in.
                    Peer.login(target).close();
                    for (Peer peer : stalled) {
                        peer.readToEnd(Peer.PATIENCE);
                        peer.close();
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("targets")
    void aStartUpInSingleBytesIsFine(Target target) throws IOException {
        byte[] packet = Peer.startupPacket("user", target.user(), "database", target.database());
        try (Peer peer = Peer.connect(target)) {
            for (byte b : packet) {
                peer.send(new byte[] {b});
            }
            peer.finishStartUp();
            for (byte b : Peer.message('Q', Peer.cstring("select 'slowly'"))) {
                peer.send(new byte[] {b});
            }
            assertThat(Peer.show(peer.readUntil("Z"))).contains("D \"slowly\"");
        }
    }

    static Stream<Arguments> wrongSaslAnswers() {
        return withTargets(
                new Bytes.Named("28P01 08P01 no message", Peer.message('p')),
                new Bytes.Named("08P01 unknown mechanism", sasl("SCRAM-MD5", "n,,n=,r=abc")),
                new Bytes.Named(
                        "08P01 no length", Peer.message('p', Peer.cstring("SCRAM-SHA-256"))),
                new Bytes.Named("08P01 garbage", sasl("SCRAM-SHA-256", "garbage")),
                new Bytes.Named("08P01 no nonce", sasl("SCRAM-SHA-256", "n,,n=")),
                new Bytes.Named(
                        "08P01 channel binding", sasl("SCRAM-SHA-256", "p=tls-unique,,n=,r=abc")),
                new Bytes.Named(
                        "08P01 a query instead", Peer.message('Q', Peer.cstring("select 1"))),
                new Bytes.Named("08P01 28P01 too long", Peer.message('p', filled(70_000, 'x'))));
    }

    @ParameterizedTest
    @MethodSource("wrongSaslAnswers")
    void wrongAnswersToScramEndTheLogin(Target target, Bytes.Named answer) throws IOException {
        besides(
                target,
                () -> {
                    try (Peer peer = scramStarted(target)) {
                        peer.send(answer.bytes());
                        List<Message> end = peer.readToEnd(Peer.PATIENCE);
                        for (Message message : end) {
                            assertThat(message.type()).as(Peer.show(end)).isEqualTo('E');
                            assertThat(answer.name()).contains(message.sqlState());
                        }
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("targets")
    void aWrongProofIsAWrongPassword(Target target) throws IOException {
        try (Peer peer = scramStarted(target)) {
            peer.send(sasl("SCRAM-SHA-256", "n,,n=,r=0123456789abcdefghij"));
            Message challenge = peer.readUntil("R").getLast();
            String server = new String(challenge.body(), 4, challenge.body().length - 4, UTF_8);
            String nonce = server.substring(0, server.indexOf(','));
            String proof = Base64.getEncoder().encodeToString(new byte[32]);
            peer.send(Peer.message('p', ("c=biws," + nonce + ",p=" + proof).getBytes(UTF_8)));
            assertFatal(peer, "28P01");
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void aNonceThatIsNotTheServersIsRefused(Target target) throws IOException {
        try (Peer peer = scramStarted(target)) {
            peer.send(sasl("SCRAM-SHA-256", "n,,n=,r=0123456789abcdefghij"));
            peer.readUntil("R");
            String proof = Base64.getEncoder().encodeToString(new byte[32]);
            peer.send(Peer.message('p', ("c=biws,r=mine,p=" + proof).getBytes(UTF_8)));
            assertFatal(peer, "08P01");
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void tooManyConnectionsAreRefusedUntilOneLeaves(Target target) throws IOException {
        List<Peer> peers = new ArrayList<>();
        try {
            for (int i = 0; i < target.maxConnections(); i++) {
                peers.add(Peer.login(target));
            }
            for (int i = 0; i < 5; i++) {
                try (Peer refused = Peer.connect(target)) {
                    refused.send(
                            Peer.startupPacket(
                                    "user", target.user(), "database", target.database()));
                    assertFatal(refused, "53300");
                }
            }
            assertThat(peers.getFirst().value("select 1")).isEqualTo("1");
            peers.removeLast().close();
            loginSoon(target).close();
        } finally {
            for (Peer peer : peers) {
                peer.close();
            }
        }
        loginSoon(target).close();
    }

    static Stream<Arguments> badFraming() {
        return withTargets(
                new Bytes.Named("length 3", Bytes.join(new byte[] {'Q'}, Peer.int32(3))),
                new Bytes.Named("length 0", Bytes.join(new byte[] {'Q'}, Peer.int32(0))),
                new Bytes.Named("negative length", Bytes.join(new byte[] {'Q'}, Peer.int32(-1))),
                new Bytes.Named(
                        "length 2 GB", Bytes.join(new byte[] {'Q'}, Peer.int32(Integer.MAX_VALUE))),
                new Bytes.Named("long Sync", Bytes.join(new byte[] {'S'}, Peer.int32(20_000))),
                new Bytes.Named("long Describe", Bytes.join(new byte[] {'D'}, Peer.int32(20_000))));
    }

    @ParameterizedTest
    @MethodSource("badFraming")
    void aMessageOfImpossibleLengthEndsTheConnection(Target target, Bytes.Named bytes)
            throws IOException {
        besides(
                target,
                () -> {
                    try (Peer peer = Peer.login(target)) {
                        peer.query("begin");
                        peer.query("notify bystander, 'never committed'");
                        peer.send(bytes.bytes());
                        assertThat(peer.readToEnd(Peer.PATIENCE)).isEmpty();
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("targets")
    void anUnknownMessageTypeEndsTheConnection(Target target) throws IOException {
        besides(
                target,
                () -> {
                    try (Peer peer = Peer.login(target)) {
                        peer.send(Peer.message('z'));
                        Message end = assertFatal(peer, "08P01");
                        assertThat(end.fields().get('M'))
                                .isEqualTo("invalid frontend message type 122");
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("targets")
    void aMalformedMessageIsAnErrorAndTheConnectionLives(Target target) throws IOException {
        try (Peer peer = Peer.login(target)) {
            peer.send(Peer.message('Q', "select 1".getBytes(US_ASCII)));
            assertError(peer, "08P01", "invalid string in message");
            peer.send(Peer.message('Q', "select 1\0select 2\0".getBytes(US_ASCII)));
            assertError(peer, "08P01", "invalid message format");
            peer.send(Peer.message('P', Peer.cstring("")), Peer.message('S'));
            assertError(peer, "08P01", "invalid string in message");
            peer.send(Peer.message('D', new byte[] {'X', 0}), Peer.message('S'));
            assertError(peer, "08P01", "invalid DESCRIBE message subtype 88");
            peer.send(Peer.message('C', new byte[] {'X', 0}), Peer.message('S'));
            assertError(peer, "08P01", "invalid CLOSE message subtype 88");
            peer.send(Peer.message('E', new byte[] {0, 0}), Peer.message('S'));
            assertError(peer, "08P01", "insufficient data left in message");
            assertThat(peer.value("select 'alive'")).isEqualTo("alive");
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void aBindThatDoesNotFitIsAnErrorAndTheConnectionLives(Target target) throws IOException {
        byte[] parse =
                Peer.message('P', Peer.cstring(""), Peer.cstring("select $1::text"), Peer.int16(0));
        byte[] names = new byte[2];
        byte[] sync = Peer.message('S');
        byte[] one = Bytes.join(Peer.int32(1), new byte[] {'x'});
        try (Peer peer = Peer.login(target)) {
            peer.send(parse, bind(names, Peer.int16(0), Peer.int16(0), Peer.int16(0)), sync);
            assertError(
                    peer,
                    "08P01",
                    "bind message supplies 0 parameters, but prepared statement \"\" requires 1");
            peer.send(
                    parse,
                    bind(names, Peer.int16(3), new byte[6], Peer.int16(1), one, Peer.int16(0)),
                    sync);
            assertError(peer, "08P01", "bind message has 3 parameter formats but 1 parameters");
            peer.send(
                    parse, bind(names, Peer.int16(0), Peer.int16(1), Peer.int32(1000), one), sync);
            assertError(peer, "08P01", "insufficient data left in message");
            peer.send(
                    parse,
                    bind(names, Peer.int16(0), Peer.int16(1), one, Peer.int16(0), new byte[3]),
                    sync);
            assertError(peer, "08P01", "invalid message format");
            peer.send(
                    parse,
                    bind(names, Peer.int16(1), Peer.int16(9), Peer.int16(1), one, Peer.int16(0)),
                    sync);
            assertError(peer, "22023", "unsupported format code: 9");
            assertThat(peer.value("select 'alive'")).isEqualTo("alive");
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void copyMessagesOutsideOfCopyAreIgnored(Target target) throws IOException {
        try (Peer peer = Peer.login(target)) {
            peer.send(
                    Peer.message('d', new byte[10]),
                    Peer.message('c'),
                    Peer.message('f', new byte[1]));
            assertThat(peer.value("select 'alive'")).isEqualTo("alive");
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void aClientThatSaysNoMoreStillGetsItsAnswers(Target target) throws IOException {
        try (Peer peer = Peer.login(target)) {
            peer.send(Peer.message('Q', Peer.cstring("select 'last words'")));
            peer.shutdownOutput();
            assertThat(Peer.show(peer.readUntil("Z"))).contains("last words");
            assertThat(peer.readToEnd(Peer.PATIENCE)).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void aConnectionThatBreaksInTheMiddleOfAMessageHarmsNobody(Target target) throws IOException {
        besides(
                target,
                () -> {
                    for (int i = 0; i < 20; i++) {
                        Peer peer = Peer.login(target);
                        peer.query("begin; notify bystander, 'never committed'");
                        peer.send(new byte[] {'Q'}, Peer.int32(1000), new byte[i]);
                        if (i % 2 == 0) {
                            peer.abort();
                        } else {
                            peer.shutdownOutput();
                            peer.close();
                        }
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("targets")
    void aListenerThatDoesNotReadHoldsNobodyUp(Target target) throws IOException {
        String payload = "x".repeat(7000);
        int messages = 1000;
        try (Peer deaf = Peer.loginWithSmallWindow(target);
                Peer listener = Peer.login(target);
                Peer notifier = Peer.login(target)) {
            deaf.query("listen flood");
            listener.query("listen flood");
            for (int i = 0; i < messages; i++) {
                assertThat(notifier.query("notify flood, '" + i + payload + "'")).hasSize(2);
            }
            for (int i = 0; i < messages; i++) {
                assertThat(listener.readNotifications(1).getLast().payload())
                        .isEqualTo(i + payload);
            }
            deaf.abort();
        }
        assertGetsIn(target);
    }

    @ParameterizedTest
    @MethodSource("targets")
    void aClientThatDoesNotReadItsRowsHoldsNobodyUp(Target target) throws IOException {
        besides(
                target,
                () -> {
                    Peer deaf = Peer.loginWithSmallWindow(target);
                    String sql = "select repeat('x', 100000) from generate_series(1, 500)";
                    deaf.send(Peer.message('Q', Peer.cstring(sql)));
                    assertGetsIn(target);
                    deaf.abort();
                });
    }

    @ParameterizedTest
    @MethodSource("targets")
    void aClientThatSendsButDoesNotReadHoldsNobodyUp(Target target) throws Exception {
        besides(
                target,
                () -> {
                    Peer deaf = Peer.loginWithSmallWindow(target);
                    byte[] query = Peer.message('Q', Peer.cstring("select repeat('x', 10000)"));
                    Thread sender =
                            Thread.startVirtualThread(() -> {
                                try {
                                    for (int i = 0; i < 100_000; i++) {
                                        deaf.send(query);
                                    }
                                } catch (IOException e) {
                                    // The reset below ends it.
                                }
                            });
                    assertGetsIn(target);
                    deaf.abort();
                    assertThat(sender.join(Peer.PATIENCE)).isTrue();
                });
    }

    @ParameterizedTest
    @MethodSource("targets")
    void randomMessagesHarmOnlyTheirOwnConnection(Target target) throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try {
            besides(
                    target,
                    () -> {
                        for (int round = 0; round < 60; round++) {
                            try (Peer peer = Peer.login(target)) {
                                peer.send(randomMessages(random));
                                peer.shutdownOutput();
                                peer.readToEnd(Peer.PATIENCE);
                            }
                        }
                    });
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    /** Mostly well framed, so that it reaches what lies behind the framing. */
    private static byte[] randomMessages(Random random) {
        String types = "QPBDECSHFfcdpz";
        List<byte[]> messages = new ArrayList<>();
        for (int n = random.nextInt(8); n >= 0; n--) {
            byte[] body = new byte[random.nextInt(60)];
            random.nextBytes(body);
            for (int i = 0; i < body.length; i++) {
                body[i] = random.nextInt(3) == 0 ? (byte) random.nextInt(3) : body[i];
            }
            messages.add(Peer.message(types.charAt(random.nextInt(types.length())), body));
        }
        return Bytes.join(messages.toArray(byte[][]::new));
    }

    private static byte[] bind(byte[]... parts) {
        return Peer.message('B', parts);
    }

    private static byte[] sasl(String mechanism, String first) {
        byte[] bytes = first.getBytes(UTF_8);
        return Peer.message('p', Peer.cstring(mechanism), Peer.int32(bytes.length), bytes);
    }

    private static Peer scramStarted(Target target) throws IOException {
        Peer peer = Peer.connect(target, target.scram().port());
        peer.send(Peer.startupPacket("user", target.scram().user(), "database", target.database()));
        assertThat(new String(peer.readUntil("R").getLast().body(), US_ASCII))
                .contains("SCRAM-SHA-256\0");
        return peer;
    }

    /** Something hostile, which may fail by an I/O error. */
    private interface Deed {
        void happen() throws IOException, InterruptedException;
    }

    /**
     * Does it beside a connection that listens, which must not notice, and lets a newcomer in
     * afterwards.
     */
    private static void besides(Target target, Deed deed) throws IOException {
        try (Peer bystander = Peer.login(target)) {
            bystander.query("listen bystander");
            deed.happen();
            assertThat(bystander.value("select 'undisturbed'")).isEqualTo("undisturbed");
            try (Peer newcomer = Peer.login(target)) {
                newcomer.query("notify bystander, 'from a newcomer'");
                Message heard = bystander.readNotifications(1).getLast();
                assertThat(heard.payload()).isEqualTo("from a newcomer");
                assertThat(heard.notifierPid()).isEqualTo(newcomer.pid());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static void assertGetsIn(Target target) throws IOException {
        try (Peer newcomer = Peer.login(target)) {
            assertThat(newcomer.value("select 'in'")).isEqualTo("in");
        }
    }

    /** A server gives a place free a moment after its client has left. */
    private static Peer loginSoon(Target target) throws IOException {
        long deadline = System.nanoTime() + Peer.PATIENCE.toNanos();
        while (true) {
            try {
                return Peer.login(target);
            } catch (AssertionError e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
            }
        }
    }

    private static Message assertFatal(Peer peer, String sqlState) throws IOException {
        List<Message> end = peer.readToEnd(Peer.PATIENCE);
        assertThat(end).as(Peer.show(end)).isNotEmpty();
        Message last = end.getLast();
        assertThat(last.type()).as(Peer.show(end)).isEqualTo('E');
        assertThat(last.fields().get('V')).as(Peer.show(end)).isEqualTo("FATAL");
        assertThat(last.sqlState()).as(Peer.show(end)).isEqualTo(sqlState);
        return last;
    }

    private static void assertError(Peer peer, String sqlState, String message) throws IOException {
        List<Message> answer = peer.readUntil("Z");
        Message error =
                answer.stream()
                        .filter(m -> m.type() == 'E')
                        .findFirst()
                        .orElseThrow(() -> new AssertionError(Peer.show(answer)));
        assertThat(error.fields().get('M')).isEqualTo(message);
        assertThat(error.sqlState()).as(message).isEqualTo(sqlState);
        assertThat(error.fields().get('V')).as(message).isEqualTo("ERROR");
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static Stream<Arguments> withTargets(Bytes.Named... cases) {
        return targets().stream()
                .flatMap(target -> Stream.of(cases).map(bytes -> Arguments.of(target, bytes)));
    }
}
