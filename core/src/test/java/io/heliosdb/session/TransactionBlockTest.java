package io.heliosdb.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.engine.Isolation;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class TransactionBlockTest {
    private final List<String> done = new ArrayList<>();
    private boolean commitFails;
    private int marks;

    private final TransactionBlock block =
            new TransactionBlock(
                    new TransactionBlock.Work() {
                        @Override
                        public void begin(Isolation isolation, boolean isReadOnly) {
                            done.add("begin");
                        }

                        @Override
                        public void commit() {
                            if (commitFails) {
                                throw new PgException(SqlState.PROGRAM_LIMIT_EXCEEDED, "full");
                            }
                            done.add("commit");
                        }

                        @Override
                        public void rollback() {
                            done.add("rollback");
                        }

                        @Override
                        public Object mark() {
                            return ++marks;
                        }

                        @Override
                        public void rollbackTo(Object mark) {
                            done.add("rollback to " + mark);
                        }
                    });

    @Test
    void anImplicitTransactionEndsWithItsStatement() {
        open();
        block.endImplicit();
        assertThat(done).containsExactly("begin", "commit");
        assertThat(block.status()).isEqualTo(TransactionStatus.IDLE);
    }

    @Test
    void aBlockOutlivesItsStatements() {
        open();
        block.beginBlock();
        block.endImplicit();
        assertThat(block.status()).isEqualTo(TransactionStatus.IN_BLOCK);
        assertThat(block.commit()).isTrue();
        assertThat(done).containsExactly("begin", "commit");
    }

    @Test
    void aFailedBlockIsRolledBackByItsCommit() {
        open();
        block.beginBlock();
        block.fail();
        assertThat(block.status()).isEqualTo(TransactionStatus.FAILED);
        assertThat(done).containsExactly("begin", "rollback");
        assertThat(block.commit()).isFalse();
        assertThat(done).containsExactly("begin", "rollback");
    }

    @Test
    void aCommitThatFailsUndoesTheTransactionAndEndsTheBlock() {
        open();
        block.beginBlock();
        commitFails = true;
        assertThatThrownBy(block::commit).hasMessage("full");
        assertThat(done).containsExactly("begin", "rollback");
        assertThat(block.status()).isEqualTo(TransactionStatus.IDLE);
    }

    @Test
    void rollingBackToASavepointKeepsItAndRevivesAFailedBlock() {
        open();
        block.beginBlock();
        block.savepoint("a");
        block.savepoint("b");
        block.fail();
        block.rollbackTo("a");
        assertThat(block.status()).isEqualTo(TransactionStatus.IN_BLOCK);
        block.rollbackTo("a");
        assertThatThrownBy(() -> block.rollbackTo("b"))
                .hasMessage("savepoint \"b\" does not exist");
        assertThat(done)
                .containsExactly("begin", "rollback to 2", "rollback to 1", "rollback to 1");
    }

    @Test
    void aSavepointOfTheSameNameHidesTheOlderUntilItIsReleased() {
        open();
        block.beginBlock();
        block.savepoint("a");
        block.savepoint("a");
        block.rollbackTo("a");
        block.release("a");
        block.rollbackTo("a");
        assertThat(done).containsExactly("begin", "rollback to 2", "rollback to 1");
    }

    private void open() {
        block.open(Isolation.READ_COMMITTED, false);
    }
}
