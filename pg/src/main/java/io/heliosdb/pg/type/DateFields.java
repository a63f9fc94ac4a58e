package io.heliosdb.pg.type;

import io.heliosdb.pg.type.TextStyle.DateOrder;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;

/**
 * Year, month and day as they are found in a text. Which of them a bare number is follows from its
 * length and from what is known already, then from DateStyle.
 */
final class DateFields {
    private static final List<String> MONTHS =
            List.of(
                    "january",
                    "february",
                    "march",
                    "april",
                    "may",
                    "june",
                    "july",
                    "august",
                    "september",
                    "october",
                    "november",
                    "december");
    private static final int UNSET = Integer.MIN_VALUE;
    private static final int YEAR_MAX = 999_999_999;

    private final DateOrder order;
    private final DateTimeRefusal refusal;
    private int year = UNSET;
    private int month = UNSET;
    private int day = UNSET;
    private int dayOfYear = UNSET;
    private boolean hasTwoDigitYear;
    private boolean hasTextMonth;
    private boolean isBeforeChrist;

    DateFields(DateOrder order, DateTimeRefusal refusal) {
        this.order = order;
        this.refusal = refusal;
    }

    /** The number of a month's name, in lower case, or 0. */
    static int monthOf(String name) {
        for (int i = 0; i < 12; i++) {
            var full = MONTHS.get(i);
            if (name.equals(full)
                    || name.equals(full.substring(0, 3))
                    || (name.equals("sept") && i == 8)) {
                return i + 1;
            }
        }
        return 0;
    }

    boolean isEmpty() {
        return year == UNSET && month == UNSET && day == UNSET;
    }

    boolean isComplete() {
        return year != UNSET && (dayOfYear != UNSET || (month != UNSET && day != UNSET));
    }

    boolean hasTextMonth() {
        return hasTextMonth;
    }

    void setBeforeChrist(boolean is) {
        isBeforeChrist = is;
    }

    void set(LocalDate date) {
        isBeforeChrist = date.getYear() <= 0;
        year = isBeforeChrist ? 1 - date.getYear() : date.getYear();
        month = date.getMonthValue();
        day = date.getDayOfMonth();
    }

    void setMonth(String name) {
        int found = monthOf(name);
        if (found == 0 || hasTextMonth) {
            throw refusal.syntax();
        }
        if (month != UNSET && day == UNSET) {
            // What was taken for the month by position was the day.
            day = month;
        }
        month = found;
        hasTextMonth = true;
    }

    void setDayOfYear(String yearDigits, String dayDigits) {
        if (dayDigits.length() != 3) {
            throw refusal.syntax();
        }
        setYear(refusal.bounded(yearDigits, 0, YEAR_MAX), yearDigits.length());
        dayOfYear = refusal.bounded(dayDigits, 1, 366);
    }

    /** Year, month and day without anything between them. */
    void setRun(String digits) {
        int monthAt = digits.length() - 4;
        year = refusal.bounded(digits.substring(0, monthAt), 0, YEAR_MAX);
        month = Integer.parseInt(digits.substring(monthAt, monthAt + 2));
        day = Integer.parseInt(digits.substring(monthAt + 2));
        hasTwoDigitYear = monthAt == 2;
    }

    void setNext(String digits) {
        int value = refusal.bounded(digits, 0, YEAR_MAX);
        int length = digits.length();
        if (length == 3 && year != UNSET && month == UNSET && day == UNSET) {
            dayOfYear = refusal.bounded(digits, 1, 366);
        } else if (isEmpty()) {
            setFirst(value, length);
        } else if (month == UNSET) {
            month = value;
        } else if (year == UNSET && day == UNSET) {
            if (hasTextMonth && (length >= 3 || order == DateOrder.YMD)) {
                setYear(value, length);
            } else {
                day = value;
            }
        } else if (day == UNSET) {
            if (hasTextMonth && length >= 3 && hasTwoDigitYear) {
                // The number before the month's name was the day after all.
                day = year;
                setYear(value, length);
            } else {
                day = value;
            }
        } else {
            setYear(value, length);
        }
    }

    private void setFirst(int value, int length) {
        if (length >= 3 || order == DateOrder.YMD) {
            setYear(value, length);
        } else if (order == DateOrder.DMY) {
            day = value;
        } else {
            month = value;
        }
    }

    private void setYear(int value, int length) {
        year = value;
        hasTwoDigitYear = length <= 2;
    }

    LocalDate resolved() {
        if (!isComplete()) {
            throw refusal.syntax();
        }
        int properYear = properYear();
        if (month == UNSET) {
            return LocalDate.of(properYear, 1, 1).plusDays(dayOfYear - 1L);
        }
        if (month < 1 || month > 12 || day < 1 || day > 31) {
            throw refusal.monthOrDay();
        }
        try {
            return LocalDate.of(properYear, month, day);
        } catch (DateTimeException e) {
            throw Refusal.because(refusal.fieldRange(), e);
        }
    }

    /** Two digits mean 1970 to 2069; before Christ counts backwards from 1, not from 0. */
    private int properYear() {
        if (isBeforeChrist) {
            if (year <= 0) {
                throw refusal.fieldRange();
            }
            return 1 - year;
        }
        if (hasTwoDigitYear) {
            return year < 70 ? year + 2000 : year + 1900;
        }
        if (year <= 0) {
            throw refusal.fieldRange();
        }
        return year;
    }
}
