package io.heliosdb.differential;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One case played on one server, written down line by line. Pids are shown as the names of their
 * sessions. An idle session may be told of a notification just before or just after it asks
 * something, so those that come before the first word of the answer are written where the others
 * stand, before ReadyForQuery. At the end each session asks once more and says all that it still
 * had.
 */
final class Conversation implements AutoCloseable {

    private static final int CANCEL_EVERY_MILLIS = 200;

    private final Target target;
    private final Map<String, Peer> peers = new TreeMap<>();
    private final Map<Integer, String> sessionsByPid = new HashMap<>();
    private final Map<String, Integer> pidsBySession = new LinkedHashMap<>();
    private final Macros macros = new Macros(session -> pidsBySession.get(session));
    private final List<String> transcript = new ArrayList<>();

    private Conversation(Target target) {
        this.target = target;
    }

    static List<String> play(Script.Case script, Target target) throws IOException {
        try (Conversation conversation = new Conversation(target)) {
            for (Step step : script.steps()) {
                conversation.play(step);
            }
            conversation.settle();
            return conversation.transcript;
        }
    }

    private void play(Step step) throws IOException {
        Peer peer = peer(step.session());
        boolean idle = peer.status() == 'I';
        try {
            switch (step) {
                case Step.Query(var session, var sql) -> {
                    note(session + ": " + sql);
                    peer.send(query(sql));
                    write(peer.readUntil("Z"), idle);
                }
                case Step.Send(var session, var sql) -> {
                    note(session + " [send] " + sql);
                    peer.send(query(sql));
                }
                case Step.Receive(var session) -> {
                    note(session + " [receive]");
                    write(peer.readUntil("Z"), idle);
                }
                case Step.Batch(var session, var messages) -> {
                    note(session + " > " + messages.stream().map(Frontend::type).toList());
                    play(peer, messages, idle);
                }
                case Step.Await(var session, var count) -> {
                    note(session + " [await " + count + "]");
                    write(peer.readNotifications(count), false);
                }
                case Step.Cancel(var session) -> {
                    note(session + " [cancel]");
                    write(cancel(peer), idle);
                }
                case Step.Close(var session) -> {
                    note(session + " [close]");
                    forget(session).close();
                }
                case Step.Abort(var session) -> {
                    note(session + " [abort]");
                    forget(session).abort();
                }
                case Step.SalesTable(var session) -> {
                    note(session + " [sales table]");
                    makeSalesTable(peer);
                }
                case Step.ReadToEnd(var session) -> {
                    note(session + " [read to end]");
                    write(forget(session).readToEnd(Peer.PATIENCE), false);
                }
            }
        } catch (AssertionError e) {
            // What did not come is part of the conversation, so that the two sides can be compared.
            note("  !! " + e.getMessage());
            Peer broken = peers.remove(step.session());
            if (broken != null) {
                broken.abort();
            }
        }
    }

    private byte[] query(String sql) {
        return Peer.message('Q', macros.expand(sql), new byte[1]);
    }

    private void play(Peer peer, List<Frontend> messages, boolean idle) throws IOException {
        peer.send(messages.stream().map(m -> m.encode(macros)).toArray(byte[][]::new));
        List<Message> answers = new ArrayList<>();
        boolean failed = false;
        for (Frontend message : messages) {
            if (message.answers().isEmpty() || (failed && message.type() != 'S')) {
                continue;
            }
            String until = message.answers().equals("Z") ? "Z" : message.answers() + "E";
            List<Message> answer = peer.readUntil(until);
            answers.addAll(answer);
            failed = answer.getLast().type() == 'E';
        }
        write(answers, idle);
    }

    private void makeSalesTable(Peer peer) throws IOException {
        List<String> statements =
                List.of(
                        "drop table if exists sales_orders",
                        Target.SALES_TABLE,
                        target.salesTrigger());
        for (String sql : statements) {
            List<Message> answer = peer.query(sql);
            if (answer.stream().anyMatch(message -> message.type() == 'E')) {
                throw new AssertionError(sql + " answered " + Peer.show(answer));
            }
        }
    }

    private List<Message> cancel(Peer peer) throws IOException {
        long deadline = System.nanoTime() + Peer.PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            try {
                List<Message> messages = new ArrayList<>();
                long slice = System.nanoTime() + CANCEL_EVERY_MILLIS * 1_000_000L;
                messages.add(peer.read(slice));
                if (messages.getLast().type() != 'Z') {
                    messages.addAll(peer.readUntil("Z"));
                }
                return messages;
            } catch (SocketTimeoutException e) {
                // By now it runs; a request that comes too early may hit nothing, or the statement
                // before.
                peer.cancel();
            }
        }
        throw new AssertionError("not cancelled");
    }

    /** Each session asks once more; one in a failed or open block ends it first. */
    private void settle() throws IOException {
        for (String session : List.copyOf(peers.keySet())) {
            if (peers.get(session).status() != 'I') {
                play(new Step.Query(session, "rollback"));
            }
            if (peers.containsKey(session)) {
                play(new Step.Query(session, ""));
            }
        }
    }

    private void write(List<Message> messages, boolean idle) {
        List<Message> early = new ArrayList<>();
        boolean answered = !idle;
        for (Message message : messages) {
            if (!answered && message.type() == 'A') {
                early.add(message);
                continue;
            }
            answered |= !message.isUnasked();
            if (message.type() == 'Z' || (answered && message.type() == 'A')) {
                early.forEach(this::write);
                early.clear();
            }
            write(message);
        }
        early.forEach(this::write);
    }

    private void write(Message message) {
        note("  " + message.show(pid -> sessionsByPid.getOrDefault(pid, Integer.toString(pid))));
    }

    private void note(String line) {
        transcript.add(line);
    }

    private Peer peer(String session) throws IOException {
        Peer peer = peers.get(session);
        if (peer == null) {
            peer = Peer.login(target);
            peers.put(session, peer);
            boolean again = pidsBySession.put(session, peer.pid()) != null;
            sessionsByPid.put(peer.pid(), again ? session + "'" : session);
        }
        return peer;
    }

    private Peer forget(String session) {
        return peers.remove(session);
    }

    @Override
    public void close() throws IOException {
        for (Peer peer : peers.values()) {
            peer.close();
        }
    }
}
