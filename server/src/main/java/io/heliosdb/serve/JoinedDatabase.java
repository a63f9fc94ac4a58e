package io.heliosdb.serve;

import io.heliosdb.jdbc.HeliosDataSource;
import io.heliosdb.pubsub.OverflowPolicy;
import io.heliosdb.pubsub.SubscribeOptions;
import io.heliosdb.pubsub.Subscription;
import io.heliosdb.spi.Link;
import io.heliosdb.spi.RemoteDatabase;

import java.nio.file.Path;

import javax.sql.DataSource;

/** A database that another process owns, over its Unix socket. */
final class JoinedDatabase implements RemoteDatabase {
    private final Path socket;
    private final OwnerChannels channels;
    private final HeliosDataSource dataSource;

    private JoinedDatabase(Path socket, OwnerChannels channels) {
        this.socket = socket;
        this.channels = channels;
        dataSource = HeliosDataSource.unixSocket(socket);
    }

    static JoinedDatabase join(Path socket) {
        return new JoinedDatabase(socket, OwnerChannels.open(socket));
    }

    @Override
    public Link connect() {
        channels.requireOwner();
        return new RemoteLink(OwnerConnection.open(socket));
    }

    @Override
    public Subscription subscribe(String... names) {
        return channels.pubSub().subscribe(names);
    }

    /**
     * A subscriber of another process cannot refuse a notifier; a queue that is full holds up what
     * comes from the owner, until the owner's own queue refuses.
     */
    @Override
    public Subscription subscribe(SubscribeOptions options, String... names) {
        var overflow =
                options.overflow() == OverflowPolicy.REFUSE
                        ? OverflowPolicy.BLOCK
                        : options.overflow();
        return channels.pubSub()
                .subscribe(new SubscribeOptions(overflow, options.capacity()), names);
    }

    @Override
    public DataSource dataSource() {
        return dataSource;
    }

    @Override
    public void close() {
        channels.close();
        dataSource.close();
    }
}
