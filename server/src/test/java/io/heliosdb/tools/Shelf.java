package io.heliosdb.tools;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;

import org.jspecify.annotations.Nullable;

import java.util.UUID;

/** An entity with a UUID for its key, and one that adds to it in a table of its own. */
@Entity
@Inheritance(strategy = InheritanceType.JOINED)
class Shelf {
    @Id @GeneratedValue @Nullable UUID id;

    String room = "";

    protected Shelf() {}

    Shelf(String room) {
        this.room = room;
    }

    /** A shelf with a lock. */
    @Entity
    static class Locked extends Shelf {
        String code = "";

        protected Locked() {}

        Locked(String room, String code) {
            super(room);
            this.code = code;
        }
    }
}
