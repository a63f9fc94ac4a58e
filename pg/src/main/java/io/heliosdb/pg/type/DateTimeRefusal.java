package io.heliosdb.pg.type;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.util.Locale;

/** The errors of reading one date or time. */
record DateTimeRefusal(String text, String typeName) {
    PgException syntax() {
        return new PgException(
                SqlState.INVALID_DATETIME_FORMAT,
                "invalid input syntax for type " + typeName + ": \"" + text + '"');
    }

    PgException fieldRange() {
        return outOfRange("date/time field value");
    }

    PgException monthOrDay() {
        return fieldRange().withHint("Perhaps you need a different \"datestyle\" setting.");
    }

    PgException outOfRange(String what) {
        return new PgException(
                SqlState.DATETIME_FIELD_OVERFLOW, what + " out of range: \"" + text + '"');
    }

    PgException displacement() {
        return new PgException(
                SqlState.INVALID_TIME_ZONE_DISPLACEMENT,
                "time zone displacement out of range: \"" + text + '"');
    }

    /** A word that is no zone is no date either, unless it can only be the name of a zone. */
    PgException unknownZone(String name) {
        return name.indexOf('/') < 0
                ? syntax()
                : new PgException(
                        SqlState.INVALID_PARAMETER_VALUE,
                        "time zone \"" + name.toLowerCase(Locale.ROOT) + "\" not recognized");
    }

    /** Digits as a number within bounds. */
    int bounded(String digits, int min, int max) {
        try {
            int value = Integer.parseInt(digits);
            if (value < min || value > max) {
                throw fieldRange();
            }
            return value;
        } catch (NumberFormatException e) {
            throw Refusal.because(fieldRange(), e);
        }
    }
}
