package io.heliosdb.tidy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Every text file of the repository, read once; what is built, downloaded or git's own is left out.
 *
 * @param root the repository's root
 * @param texts all text files, by name
 */
public record SourceTree(Path root, List<SourceFile> texts) {
    private static final Set<String> SKIPPED =
            Set.of(".git", "target", "node_modules", "heliosdb-data", ".idea", ".vscode");
    private static final Set<String> TEXT_ENDS =
            Set.of(
                    "java",
                    "md",
                    "xml",
                    "sh",
                    "py",
                    "js",
                    "mjs",
                    "json",
                    "sql",
                    "toml",
                    "txt",
                    "properties",
                    "yml",
                    "yaml",
                    "html");
    private static final Set<String> TEXT_NAMES =
            Set.of("heliosdb", "run", ".gitignore", "LICENSE", "Dockerfile");

    /**
     * The tree around the directory that the tests run in.
     *
     * @return all of it
     */
    public static SourceTree find() {
        var root = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(root.resolve("pg")) || !Files.isDirectory(root.resolve("core"))) {
            root = root.getParent();
            if (root == null) {
                throw new IllegalStateException(
                        "no repository around " + Path.of("").toAbsolutePath());
            }
        }
        try {
            return new SourceTree(root, read(root));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The Java sources of all modules, tests too.
     *
     * @return by name
     */
    public List<SourceFile> sources() {
        return texts.stream().filter(file -> file.name().endsWith(".java")).toList();
    }

    /**
     * The Java sources that are not tests.
     *
     * @return by name
     */
    public List<SourceFile> mainSources() {
        return sources().stream().filter(file -> file.name().contains("/src/main/java/")).toList();
    }

    /**
     * The directories of main packages.
     *
     * @return each once
     */
    public List<Path> mainPackages() {
        return mainSources().stream()
                .map(file -> file.path().resolveSibling(""))
                .distinct()
                .toList();
    }

    /**
     * How faults name a path.
     *
     * @param path below the root
     * @return from the root on, with slashes
     */
    public String name(Path path) {
        return root.relativize(path).toString().replace('\\', '/');
    }

    private static List<SourceFile> read(Path root) throws IOException {
        var paths = new ArrayList<Path>();
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path directory, BasicFileAttributes attributes) {
                        boolean skipped = SKIPPED.contains(String.valueOf(directory.getFileName()));
                        return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (attributes.isRegularFile() && isText(file.getFileName().toString())) {
                            paths.add(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        var files = new ArrayList<SourceFile>();
        for (var path : paths.stream().sorted().toList()) {
            var name = root.relativize(path);
            var module = name.getNameCount() > 1 ? name.getName(0).toString() : "";
            files.add(
                    new SourceFile(
                            path, name.toString().replace('\\', '/'), module, readText(path)));
        }
        return files;
    }

    private static String readText(Path path) throws IOException {
        try {
            return Files.readString(path);
        } catch (MalformedInputException e) {
            throw new IOException(path + " is not UTF-8", e);
        }
    }

    private static boolean isText(String name) {
        return TEXT_NAMES.contains(name)
                || TEXT_ENDS.contains(name.substring(name.lastIndexOf('.') + 1));
    }
}
