package io.heliosdb.trigger.plpgsql;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The names that a place in a body sees: an entry for each variable and each labelled level, the
 * latest first. Immutable; a declaration makes a new one.
 *
 * @param outer what was declared before
 * @param kind what this entry is
 * @param name its name; empty for a level without a label
 * @param variable the variable, of that kind only
 */
record Scope(@Nullable Scope outer, Kind kind, String name, @Nullable Variable variable) {
    enum Kind {
        VARIABLE,
        BLOCK,
        LOOP
    }

    /**
     * What a name was found to be.
     *
     * @param variable the variable
     * @param used how many parts of the name it takes; what is left is a field
     */
    record Found(Variable variable, int used) {}

    static Scope level(@Nullable Scope outer, Kind kind, @Nullable String label) {
        return new Scope(outer, kind, label == null ? "" : label, null);
    }

    Scope with(String name, Variable variable) {
        return new Scope(this, Kind.VARIABLE, name, variable);
    }

    /** A variable by its name, which may be qualified by the label of its block. */
    @Nullable Found find(List<String> path) {
        Scope level = this;
        while (level != null) {
            Variable direct = level.inLevel(path.getFirst());
            if (direct != null && (path.size() == 1 || direct.isRow())) {
                return new Found(direct, 1);
            }
            Scope label = level.label();
            if (path.size() > 1 && label.name.equals(path.getFirst())) {
                Variable qualified = level.inLevel(path.get(1));
                return qualified == null ? null : new Found(qualified, 2);
            }
            level = label.outer;
        }
        return null;
    }

    /** Whether the innermost level has a variable of that name already. */
    boolean isDeclared(String variable) {
        return inLevel(variable) != null;
    }

    /** The level that a label names. */
    @Nullable Scope labelled(String label) {
        for (Scope entry = this; entry != null; entry = entry.outer) {
            if (entry.kind != Kind.VARIABLE && entry.name.equals(label)) {
                return entry;
            }
        }
        return null;
    }

    boolean isInLoop() {
        for (Scope entry = this; entry != null; entry = entry.outer) {
            if (entry.kind == Kind.LOOP) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Variable inLevel(String wanted) {
        for (Scope entry = this; entry.kind == Kind.VARIABLE; entry = entry.requireOuter()) {
            if (entry.name.equals(wanted)) {
                return entry.variable;
            }
        }
        return null;
    }

    private Scope label() {
        Scope entry = this;
        while (entry.kind == Kind.VARIABLE) {
            entry = entry.requireOuter();
        }
        return entry;
    }

    private Scope requireOuter() {
        if (outer == null) {
            throw new IllegalStateException("a variable outside of any level");
        }
        return outer;
    }
}
