package io.heliosdb.pg.type;

import io.heliosdb.pg.type.TextStyle.IntervalStyle;

/** Prints an interval in PostgreSQL's four styles. Made for one interval. */
final class IntervalText {
    private final ByteSink out;
    private int years;
    private int months;
    private long days;
    private long hours;
    private int minutes;
    private int seconds;
    private int fraction;
    private boolean isEmpty = true;
    private boolean isBefore;

    private IntervalText(PgInterval interval, ByteSink out) {
        this.out = out;
        years = interval.months() / 12;
        months = interval.months() % 12;
        days = interval.days();
        long micros = interval.micros();
        fraction = (int) (micros % Moment.MICROS_PER_SECOND);
        long whole = micros / Moment.MICROS_PER_SECOND;
        seconds = (int) (whole % 60);
        minutes = (int) (whole / 60 % 60);
        hours = whole / 3600;
    }

    static void put(PgInterval interval, IntervalStyle style, ByteSink out) {
        var text = new IntervalText(interval, out);
        switch (style) {
            case POSTGRES -> text.putPostgres();
            case POSTGRES_VERBOSE -> text.putVerbose();
            case SQL_STANDARD -> text.putSqlStandard();
            case ISO_8601 -> text.putIso();
        }
    }

    private boolean hasTime() {
        return hours != 0 || minutes != 0 || seconds != 0 || fraction != 0;
    }

    private boolean isTimeNegative() {
        return hours < 0 || minutes < 0 || seconds < 0 || fraction < 0;
    }

    private void putPostgres() {
        putPart(years, "year");
        putPart(months, "mon");
        putPart(days, "day");
        if (isEmpty || hasTime()) {
            if (!isEmpty) {
                out.putByte(' ');
            }
            if (isTimeNegative()) {
                out.putByte('-');
            } else if (isBefore) {
                out.putByte('+');
            }
            putClock(2);
        }
    }

    private void putPart(long value, String unit) {
        if (value == 0) {
            return;
        }
        if (!isEmpty) {
            out.putByte(' ');
        }
        if (isBefore && value > 0) {
            out.putByte('+');
        }
        out.putDecimal(value);
        putUnit(unit, value != 1);
        isBefore = value < 0;
        isEmpty = false;
    }

    private void putUnit(String unit, boolean isPlural) {
        out.putByte(' ');
        out.putUtf8(unit);
        if (isPlural) {
            out.putByte('s');
        }
    }

    private void putClock(int hourDigits) {
        out.putDigits(Math.abs(hours), hourDigits);
        out.putByte(':');
        out.putDigits(Math.abs(minutes), 2);
        out.putByte(':');
        out.putDigits(Math.abs(seconds), 2);
        DateText.putFraction(Math.abs(fraction), out);
    }

    private void putVerbose() {
        out.putByte('@');
        putVerbosePart(years, "year");
        putVerbosePart(months, "mon");
        putVerbosePart(days, "day");
        putVerbosePart(hours, "hour");
        putVerbosePart(minutes, "min");
        if (seconds != 0 || fraction != 0) {
            out.putByte(' ');
            if (seconds < 0 || fraction < 0) {
                if (isEmpty) {
                    isBefore = true;
                } else if (!isBefore) {
                    out.putByte('-');
                }
            } else if (isBefore) {
                out.putByte('-');
            }
            out.putDigits(Math.abs(seconds), 1);
            DateText.putFraction(Math.abs(fraction), out);
            putUnit("sec", Math.abs(seconds) != 1 || fraction != 0);
            isEmpty = false;
        }
        if (isEmpty) {
            out.putUtf8(" 0");
        }
        if (isBefore) {
            out.putUtf8(" ago");
        }
    }

    private void putVerbosePart(long part, String unit) {
        if (part == 0) {
            return;
        }
        long value = part;
        if (isEmpty) {
            isBefore = value < 0;
            value = Math.abs(value);
        } else if (isBefore) {
            value = -value;
        }
        out.putByte(' ');
        out.putDecimal(value);
        putUnit(unit, value != 1);
        isEmpty = false;
    }

    private void putSqlStandard() {
        boolean hasNegative = years < 0 || months < 0 || days < 0 || isTimeNegative();
        boolean hasPositive =
                years > 0
                        || months > 0
                        || days > 0
                        || hours > 0
                        || minutes > 0
                        || seconds > 0
                        || fraction > 0;
        boolean hasYearMonth = years != 0 || months != 0;
        boolean hasDayTime = days != 0 || hasTime();
        if (!hasNegative && !hasPositive) {
            out.putByte('0');
        } else if ((hasNegative && hasPositive) || (hasYearMonth && hasDayTime)) {
            putSigned(years < 0 || months < 0);
            putYearMonth();
            out.putByte(' ');
            putSigned(days < 0);
            out.putDigits(Math.abs(days), 1);
            out.putByte(' ');
            putSigned(isTimeNegative());
            putClock(1);
        } else {
            if (hasNegative) {
                out.putByte('-');
            }
            putOneKind(hasYearMonth);
        }
    }

    private void putOneKind(boolean hasYearMonth) {
        if (hasYearMonth) {
            putYearMonth();
            return;
        }
        if (days != 0) {
            out.putDigits(Math.abs(days), 1);
            out.putByte(' ');
        }
        putClock(1);
    }

    private void putSigned(boolean isNegative) {
        out.putByte(isNegative ? '-' : '+');
    }

    private void putYearMonth() {
        out.putDigits(Math.abs(years), 1);
        out.putByte('-');
        out.putDigits(Math.abs(months), 1);
    }

    private void putIso() {
        if (years == 0 && months == 0 && days == 0 && !hasTime()) {
            out.putUtf8("PT0S");
            return;
        }
        out.putByte('P');
        putIsoPart(years, 'Y');
        putIsoPart(months, 'M');
        putIsoPart(days, 'D');
        if (!hasTime()) {
            return;
        }
        out.putByte('T');
        putIsoPart(hours, 'H');
        putIsoPart(minutes, 'M');
        if (seconds != 0 || fraction != 0) {
            if (seconds < 0 || fraction < 0) {
                out.putByte('-');
            }
            out.putDigits(Math.abs(seconds), 1);
            DateText.putFraction(Math.abs(fraction), out);
            out.putByte('S');
        }
    }

    private void putIsoPart(long value, char unit) {
        if (value != 0) {
            out.putDecimal(value);
            out.putByte(unit);
        }
    }
}
