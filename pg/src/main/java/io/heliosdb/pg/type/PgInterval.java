package io.heliosdb.pg.type;

/**
 * PostgreSQL's interval: three numbers that do not convert into each other, since months and days
 * differ in length.
 *
 * @param months whole months, twelve to a year
 * @param days whole days
 * @param micros microseconds within and beyond a day
 */
public record PgInterval(int months, int days, long micros) {
    /** Prints PostgreSQL's default form. */
    @Override
    public String toString() {
        return PgType.of(io.heliosdb.pg.Oid.INTERVAL).toText(this, TextStyle.DEFAULT);
    }
}
