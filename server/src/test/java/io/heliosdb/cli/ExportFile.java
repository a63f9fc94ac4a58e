package io.heliosdb.cli;

import org.postgresql.PGConnection;

import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;

/** What {@code heliosdb export} has written. */
final class ExportFile {
    private ExportFile() {}

    /** Does what psql does with the file. */
    static void load(Connection connection, String file) throws SQLException, IOException {
        try (var statement = connection.createStatement()) {
            var sql = new StringBuilder();
            var lines = file.lines().iterator();
            while (lines.hasNext()) {
                String line = lines.next();
                if (!line.startsWith("COPY ")) {
                    sql.append(line).append('\n');
                    continue;
                }
                statement.execute(sql.toString());
                sql.setLength(0);
                var data = new StringBuilder();
                for (String row = lines.next(); !row.equals("\\."); row = lines.next()) {
                    data.append(row).append('\n');
                }
                connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn(line.replace(";", ""), new StringReader(data.toString()));
            }
            statement.execute(sql.toString());
        }
    }
}
