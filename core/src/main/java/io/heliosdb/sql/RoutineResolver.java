package io.heliosdb.sql;

import io.heliosdb.pg.Oid;
import io.heliosdb.sql.RoutineParameter.Mode;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Chooses the routine that a call means, by PostgreSQL's rules: the numbers and names of the
 * arguments, then exact types, then preferred ones, then what a constant in quotes may become.
 *
 * @see <a href="https://www.postgresql.org/docs/15/typeconv-func.html">PostgreSQL: type conversion
 *     of functions</a>
 */
public final class RoutineResolver {
    private RoutineResolver() {}

    /**
     * A routine that a call may mean.
     *
     * @param routine the routine
     * @param places for each argument the parameter that gets it, counted among those a call has
     *     places for
     * @param isExpanded whether the last arguments become the array of a VARIADIC parameter
     */
    @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
    public record Match(RoutineSignature routine, int[] places, boolean isExpanded) {
        RoutineType typeOf(int argument) {
            List<RoutineParameter> all = routine.places();
            RoutineParameter parameter = all.get(Math.min(places[argument], all.size() - 1));
            if (isExpanded && parameter.mode() == Mode.VARIADIC) {
                SqlType element = SqlType.named(parameter.type().name());
                return element == null ? RoutineType.of(Oid.TEXT) : RoutineType.of(element);
            }
            return parameter.type();
        }
    }

    /**
     * Finds what a call may mean.
     *
     * @param candidates the routines of its name
     * @param types the arguments' types; null where one is not known before the call is made, the
     *     oid 705 for a constant in quotes
     * @param names the parameters that arguments name; empty for those that name none
     * @param isVariadic whether VARIADIC stands before the last argument
     * @return none where none fits, several where none is better
     */
    public static List<Match> resolve(
            List<RoutineSignature> candidates,
            List<@Nullable SqlType> types,
            List<String> names,
            boolean isVariadic) {
        var matches = new ArrayList<Match>();
        for (RoutineSignature candidate : candidates) {
            placed(candidate, names, isVariadic)
                    .filter(match -> accepts(match, types))
                    .ifPresent(matches::add);
        }
        if (matches.size() > 1 && matches.stream().anyMatch(match -> !match.isExpanded())) {
            matches.removeIf(Match::isExpanded);
        }
        List<Match> best = most(matches, match -> exact(match, types));
        best = most(best, match -> preferred(match, types));
        for (int i = 0; i < types.size() && best.size() > 1; i++) {
            if (ColumnTypes.UNKNOWN.equals(types.get(i))) {
                best = ofUnknown(best, i);
            }
        }
        return best;
    }

    private static Optional<Match> placed(
            RoutineSignature candidate, List<String> names, boolean isVariadic) {
        List<RoutineParameter> all = candidate.places();
        int count = names.size();
        boolean isExpanded = candidate.isVariadic() && !isVariadic;
        if ((isVariadic && !candidate.isVariadic())
                || (count > all.size() && !isExpanded)
                || (isExpanded && count < all.size())) {
            return Optional.empty();
        }
        int[] places = new int[count];
        var filled = new boolean[all.size()];
        for (int i = 0; i < count; i++) {
            int place = i;
            if (!names.get(i).isEmpty()) {
                place = indexOf(all, names.get(i));
                if (place < 0 || filled[place]) {
                    return Optional.empty();
                }
            }
            places[i] = place;
            filled[Math.min(place, all.size() - 1)] = true;
        }
        for (int i = 0; i < filled.length; i++) {
            if (!filled[i] && all.get(i).defaultText().isEmpty()) {
                return Optional.empty();
            }
        }
        return Optional.of(new Match(candidate, places, isExpanded));
    }

    private static int indexOf(List<RoutineParameter> parameters, String name) {
        for (int i = 0; i < parameters.size(); i++) {
            if (parameters.get(i).name().filter(name::equals).isPresent()) {
                return i;
            }
        }
        return -1;
    }

    private static boolean accepts(Match match, List<@Nullable SqlType> types) {
        for (int i = 0; i < types.size(); i++) {
            SqlType type = types.get(i);
            if (type != null && !isImplicit(type, match.typeOf(i))) {
                return false;
            }
        }
        return true;
    }

    private interface Score {
        int of(Match match);
    }

    private static List<Match> most(List<Match> matches, Score score) {
        if (matches.size() < 2) {
            return matches;
        }
        int best = matches.stream().mapToInt(score::of).max().orElse(0);
        return matches.stream().filter(match -> score.of(match) == best).toList();
    }

    private static int exact(Match match, List<@Nullable SqlType> types) {
        int count = 0;
        for (int i = 0; i < types.size(); i++) {
            SqlType type = types.get(i);
            if (type != null && type.oid() == match.typeOf(i).oid()) {
                count++;
            }
        }
        return count;
    }

    private static int preferred(Match match, List<@Nullable SqlType> types) {
        int count = 0;
        for (int i = 0; i < types.size(); i++) {
            SqlType type = types.get(i);
            int to = match.typeOf(i).oid();
            boolean isKnown = type != null && !type.equals(ColumnTypes.UNKNOWN);
            if (isKnown && (type.oid() == to || isPreferred(to))) {
                count++;
            }
        }
        return count;
    }

    /** A constant in quotes is a text where it can be, else of the one category there is. */
    private static List<Match> ofUnknown(List<Match> matches, int argument) {
        var texts =
                matches.stream()
                        .filter(match -> category(match.typeOf(argument).oid()) == 'S')
                        .toList();
        if (!texts.isEmpty()) {
            return most(texts, match -> isPreferred(match.typeOf(argument).oid()) ? 1 : 0);
        }
        return most(matches, match -> isPreferred(match.typeOf(argument).oid()) ? 1 : 0);
    }

    private static boolean isPreferred(int oid) {
        return oid == Oid.FLOAT8 || oid == Oid.TEXT || oid == Oid.TIMESTAMPTZ || oid == Oid.BOOL;
    }

    private static char category(int oid) {
        return switch (oid) {
            case Oid.TEXT, Oid.VARCHAR, Oid.BPCHAR, Oid.NAME -> 'S';
            case Oid.INT2, Oid.INT4, Oid.INT8, Oid.NUMERIC, Oid.FLOAT4, Oid.FLOAT8, Oid.OID -> 'N';
            case Oid.DATE, Oid.TIME, Oid.TIMETZ, Oid.TIMESTAMP, Oid.TIMESTAMPTZ -> 'D';
            case Oid.BOOL -> 'B';
            default -> 'U';
        };
    }

    /**
     * Whether a value becomes one of another type without being asked to.
     *
     * @param from its type
     * @param to the other
     * @return whether it does
     */
    public static boolean isImplicit(SqlType from, RoutineType to) {
        if (from.equals(ColumnTypes.UNKNOWN) || from.oid() == to.oid() || to.isNamed()) {
            return true;
        }
        if (to.isPolymorphic()) {
            return to.oid() != RoutineType.ANY_ARRAY || from.isArray();
        }
        if (from.isArray() || to.isArray()) {
            return from.isArray() && to.isArray() && isBinary(from.name(), to.name());
        }
        return Arrays.stream(targets(from.oid())).anyMatch(oid -> oid == to.oid());
    }

    private static boolean isBinary(String from, String to) {
        return from.equals(to)
                || (isText(from) && isText(to))
                || (from.startsWith("json") && to.startsWith("json"));
    }

    private static boolean isText(String name) {
        return name.equals("text") || name.equals("varchar") || name.equals("bpchar");
    }

    private static int[] targets(int from) {
        return switch (from) {
            case Oid.INT2 ->
                    new int[] {Oid.INT4, Oid.INT8, Oid.NUMERIC, Oid.FLOAT4, Oid.FLOAT8, Oid.OID};
            case Oid.INT4 -> new int[] {Oid.INT8, Oid.NUMERIC, Oid.FLOAT4, Oid.FLOAT8, Oid.OID};
            case Oid.INT8 -> new int[] {Oid.NUMERIC, Oid.FLOAT4, Oid.FLOAT8, Oid.OID};
            case Oid.NUMERIC -> new int[] {Oid.FLOAT4, Oid.FLOAT8};
            case Oid.FLOAT4 -> new int[] {Oid.FLOAT8};
            case Oid.DATE -> new int[] {Oid.TIMESTAMP, Oid.TIMESTAMPTZ};
            case Oid.TIMESTAMP -> new int[] {Oid.TIMESTAMPTZ};
            case Oid.TIME -> new int[] {Oid.TIMETZ, Oid.INTERVAL};
            case Oid.TEXT, Oid.VARCHAR, Oid.BPCHAR, Oid.NAME ->
                    new int[] {Oid.TEXT, Oid.VARCHAR, Oid.BPCHAR, Oid.NAME};
            case Oid.JSON, Oid.JSONB -> new int[] {Oid.JSON, Oid.JSONB};
            default -> new int[0];
        };
    }

    /**
     * A call as messages name it.
     *
     * @param name the routine's name as it is written
     * @param types the arguments' types
     * @param names the parameters that arguments name
     * @return such as {@code f(integer, b => text)}
     */
    public static String display(String name, List<@Nullable SqlType> types, List<String> names) {
        var text = new StringBuilder(name).append('(');
        for (int i = 0; i < types.size(); i++) {
            SqlType type = types.get(i);
            text.append(i == 0 ? "" : ", ");
            if (!names.get(i).isEmpty()) {
                text.append(names.get(i)).append(" => ");
            }
            text.append(type == null ? "unknown" : Operators.displayName(type));
        }
        return text.append(')').toString();
    }
}
