package io.heliosdb.engine;

import org.h2.mvstore.DataUtils;
import org.h2.mvstore.db.ValueDataType;
import org.h2.mvstore.type.DataType;
import org.h2.value.Value;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Objects;

/**
 * Reads rows as the log has them, without the tables that they were in. Confined to the thread that
 * uses its session.
 */
public final class LoggedRows {
    private final EngineSession session;
    private final DataType<Value> values;

    /**
     * A reader of rows.
     *
     * @param session whose conversions it uses; not closed with it
     */
    public LoggedRows(EngineSession session) {
        this.session = session;
        var database = session.local().getDatabase();
        values = new ValueDataType(session.local(), database.getCompareMode(), null, null);
    }

    /**
     * The values of a row. Large objects of a row as it was are null: the log leaves them out.
     *
     * @param image as the log has it
     * @return one value a column, as {@code pg.type} represents it
     */
    public @Nullable Object[] read(byte[] image) {
        var buffer = ByteBuffer.wrap(image);
        int large = DataUtils.readVarInt(buffer);
        var columns = new int[large];
        var objects = new Object[large];
        for (int i = 0; i < large; i++) {
            columns[i] = DataUtils.readVarInt(buffer);
            boolean isText = buffer.get() == RowImages.CLOB;
            var content = new byte[DataUtils.readVarInt(buffer)];
            buffer.get(content);
            objects[i] = isText ? new String(content, StandardCharsets.UTF_8) : content;
        }
        var row = new ArrayList<@Nullable Object>();
        while (buffer.hasRemaining()) {
            row.add(Values.toJava(values.read(buffer), session.local()));
        }
        for (int i = 0; i < large; i++) {
            row.set(columns[i], objects[i]);
        }
        return row.toArray();
    }

    /**
     * Whether two values of a row are the same.
     *
     * @param one a value
     * @param other a value
     * @return whether they are
     */
    public static boolean isSame(@Nullable Object one, @Nullable Object other) {
        if (one instanceof byte[] bytes && other instanceof byte[] others) {
            return Arrays.equals(bytes, others);
        }
        return Objects.equals(one, other);
    }
}
