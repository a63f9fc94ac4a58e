package io.heliosdb.pg.type;

import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * A PostgreSQL type: its names and how its values look as text and as binary. Values are Java's own
 * classes, the same in the whole product (see the table in the package's documentation); a value of
 * a neighbouring class, such as a Long in an int4 column, is converted or refused with 22003.
 * Immutable.
 *
 * @see <a href="https://www.postgresql.org/docs/15/datatype.html">PostgreSQL: data types</a>
 */
public final class PgType {
    private final int oid;
    private final String name;
    private final String displayName;
    private final int length;
    private final boolean hasBinary;
    private final int elementOid;
    private final int arrayOid;
    private final Codec codec;

    PgType(
            int oid,
            String name,
            String displayName,
            int length,
            boolean hasBinary,
            int elementOid,
            int arrayOid,
            Codec codec) {
        this.oid = oid;
        this.name = name;
        this.displayName = displayName;
        this.length = length;
        this.hasBinary = hasBinary;
        this.elementOid = elementOid;
        this.arrayOid = arrayOid;
        this.codec = codec;
    }

    /**
     * The type with an oid.
     *
     * @param oid as in {@code pg_type}
     * @return the type; one that behaves as text where the oid is not known
     */
    public static PgType of(int oid) {
        var known = TypeTable.byOid(oid);
        return known != null ? known : TypeTable.unknown(oid);
    }

    /**
     * The type with a name, PostgreSQL's aliases and {@code []} included, in any case; a modifier
     * such as {@code (10)} is not part of a name.
     *
     * @param name such as {@code int4}, {@code double precision} or {@code text[]}
     * @return the type, where there is one
     */
    public static Optional<PgType> byName(String name) {
        return Optional.ofNullable(TypeTable.byName(name.strip().toLowerCase(Locale.ROOT)));
    }

    /**
     * The type that a Java value has by its class, text where nothing fits better.
     *
     * @param value any value
     * @return its type
     */
    public static PgType forValue(Object value) {
        return of(TypeTable.oidOf(value));
    }

    /**
     * The type's number.
     *
     * @return the oid
     */
    public int oid() {
        return oid;
    }

    /**
     * The type's name in the catalog.
     *
     * @return {@code pg_type.typname}
     */
    public String name() {
        return name;
    }

    /**
     * The type's name as SQL writes it and as errors print it.
     *
     * @return such as {@code integer} for int4
     */
    public String displayName() {
        return displayName;
    }

    /**
     * The length in bytes of a stored value.
     *
     * @return {@code pg_type.typlen}; -1 where it varies, -2 for a C string
     */
    public int length() {
        return length;
    }

    /**
     * The type of an array of this.
     *
     * @return the array type, where there is one
     */
    public Optional<PgType> arrayType() {
        return arrayOid == 0 ? Optional.empty() : Optional.of(of(arrayOid));
    }

    /**
     * The type of an element of this.
     *
     * @return the element's type, where this is an array
     */
    public Optional<PgType> elementType() {
        return elementOid == 0 ? Optional.empty() : Optional.of(of(elementOid));
    }

    /**
     * Whether values go over the wire in binary.
     *
     * @return false where asking for binary is an error
     */
    public boolean hasBinary() {
        return hasBinary;
    }

    /**
     * Writes a value as text.
     *
     * @param value not null
     * @param style the session's settings
     * @param out takes the text in UTF-8, without a length before it
     */
    public void encodeText(Object value, TextStyle style, ByteSink out) {
        codec.encodeText(value, style, out);
    }

    /**
     * Writes a value as binary.
     *
     * @param value not null
     * @param out takes the bytes, without a length before them
     */
    public void encodeBinary(Object value, ByteSink out) {
        if (!hasBinary) {
            throw new PgException(
                    SqlState.UNDEFINED_FUNCTION,
                    "no binary output function available for type " + displayName);
        }
        codec.encodeBinary(value, out);
    }

    /**
     * Writes a value in the form a client asked for.
     *
     * @param value not null
     * @param format 0 text, 1 binary, as in Bind
     * @param style the session's settings
     * @param out takes the value
     */
    public void encode(Object value, int format, TextStyle style, ByteSink out) {
        switch (format) {
            case 0 -> encodeText(value, style, out);
            case 1 -> encodeBinary(value, out);
            default -> throw unsupported(format);
        }
    }

    /**
     * A value as text.
     *
     * @param value not null
     * @param style the session's settings
     * @return PostgreSQL's form of it
     */
    public String toText(Object value, TextStyle style) {
        var out = new ByteSink(32);
        codec.encodeText(value, style, out);
        return out.toString();
    }

    /**
     * A value as text, with PostgreSQL's defaults.
     *
     * @param value not null
     * @return PostgreSQL's form of it
     */
    public String toText(Object value) {
        return toText(value, TextStyle.DEFAULT);
    }

    /**
     * Reads a value from text.
     *
     * @param text in any form PostgreSQL reads
     * @param style the session's settings
     * @return the value
     * @throws PgException 22P02, 22003, 22007, 22008 as PostgreSQL has it
     */
    public Object decodeText(String text, TextStyle style) {
        return codec.decodeText(text, style);
    }

    /**
     * Reads a value from text, with PostgreSQL's defaults.
     *
     * @param text in any form PostgreSQL reads
     * @return the value
     */
    public Object decodeText(String text) {
        return decodeText(text, TextStyle.DEFAULT);
    }

    /**
     * Reads a value from binary.
     *
     * @param bytes the whole value
     * @return the value
     */
    public Object decodeBinary(byte[] bytes) {
        return decodeBinary(ByteBuffer.wrap(bytes));
    }

    /**
     * Reads a value from binary.
     *
     * @param in its remaining bytes are the whole value
     * @return the value
     * @throws PgException 22P03 for bytes that are no such value or too many, 08P01 for too few
     */
    public Object decodeBinary(ByteBuffer in) {
        var value = receive(in, Encoding.UTF8);
        if (in.hasRemaining()) {
            throw Refusal.binary("incorrect binary data format");
        }
        return value;
    }

    /**
     * Reads a value in the form a client sent it.
     *
     * @param bytes the whole value
     * @param format 0 text, 1 binary, as in Bind
     * @param style the session's settings
     * @return the value
     */
    public Object decode(byte[] bytes, int format, TextStyle style) {
        return switch (format) {
            case 0 -> decodeText(Utf8.decode(bytes), style);
            case 1 -> decodeBinary(bytes);
            default -> throw unsupported(format);
        };
    }

    /**
     * Reads a parameter of a Bind message for the unnamed portal.
     *
     * @param number of the parameter, from 1
     * @param bytes the whole value
     * @param format 0 text, 1 binary
     * @param style the session's settings
     * @return the value
     */
    public Object decodeParameter(int number, byte[] bytes, int format, TextStyle style) {
        return decodeParameter("", number, bytes, format, style, Encoding.UTF8);
    }

    /**
     * Reads a parameter of a Bind message; a refusal says where it was met.
     *
     * @param portal the portal's name, empty for the unnamed one
     * @param number of the parameter, from 1
     * @param bytes the whole value
     * @param format 0 text, 1 binary
     * @param style the session's settings
     * @param encoding what the client speaks
     * @return the value
     */
    public Object decodeParameter(
            String portal,
            int number,
            byte[] bytes,
            int format,
            TextStyle style,
            Encoding encoding) {
        var where =
                (portal.isEmpty() ? "unnamed portal" : "portal \"" + portal + '"')
                        + " parameter $"
                        + number;
        try {
            if (format == 0) {
                var text = encoding.decode(bytes);
                where += text.isEmpty() ? " = ''" : " = '...'";
                return decodeText(text, style);
            }
            return binary(bytes, format, encoding, "bind parameter " + number);
        } catch (PgException e) {
            var inner = e.report().where();
            throw e.withWhere(inner == null ? where : inner + '\n' + where);
        }
    }

    /**
     * Reads an argument of a FunctionCall message.
     *
     * @param number of the argument, from 1
     * @param bytes the whole value
     * @param format 0 text, 1 binary
     * @param style the session's settings
     * @param encoding what the client speaks
     * @return the value
     */
    public Object decodeArgument(
            int number, byte[] bytes, int format, TextStyle style, Encoding encoding) {
        return format == 0
                ? decodeText(encoding.decode(bytes), style)
                : binary(bytes, format, encoding, "function argument " + number);
    }

    private Object binary(byte[] bytes, int format, Encoding encoding, String place) {
        if (format != 1) {
            throw unsupported(format);
        }
        var in = ByteBuffer.wrap(bytes);
        var value = receive(in, encoding);
        if (in.hasRemaining()) {
            throw Refusal.binary("incorrect binary data format in " + place);
        }
        return value;
    }

    /** Reads a value and leaves what follows it to the caller. */
    Object receive(ByteBuffer in, Encoding encoding) {
        if (!hasBinary) {
            throw new PgException(
                    SqlState.UNDEFINED_FUNCTION,
                    "no binary input function available for type " + displayName);
        }
        try {
            return codec.decodeBinary(in, encoding);
        } catch (BufferUnderflowException e) {
            throw Refusal.because(Refusal.truncated(), e);
        }
    }

    private static PgException unsupported(int format) {
        return new PgException(
                SqlState.INVALID_PARAMETER_VALUE, "unsupported format code: " + format);
    }

    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object other) {
        return other instanceof PgType type && oid == type.oid;
    }

    @Override
    public int hashCode() {
        return Objects.hash(oid);
    }

    /** The name of the type, as SQL writes it. */
    @Override
    public String toString() {
        return oid == Oid.UNSPECIFIED ? "unspecified" : displayName;
    }
}
