package io.heliosdb.tidy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Who may import whom. Packages stand in one line per module, lowest first; a package imports those
 * before it and those of the modules below, so there can be no cycle. A library is open only to the
 * packages named beside it.
 */
public final class Layers {
    private static final String ROOT = "io.heliosdb";

    /**
     * The modules, lowest first, each with its packages, lowest first. The name left out is the
     * root package.
     */
    private static final List<Module> MODULES =
            List.of(
                    new Module(
                            "pg",
                            List.of(),
                            List.of("pg", "pg.type", "pg.copy", "pg.proto", "pg.pgoutput")),
                    new Module(
                            "core",
                            List.of("pg"),
                            List.of(
                                    "config",
                                    "pubsub",
                                    "log",
                                    "engine",
                                    "engine.function",
                                    "sql",
                                    "catalog",
                                    "trigger.plpgsql",
                                    "trigger.routine",
                                    "trigger",
                                    "replication",
                                    "session",
                                    "spi",
                                    "")),
                    new Module("client", List.of("pg"), List.of("client.events", "client")),
                    new Module(
                            "server",
                            List.of("pg", "core", "client"),
                            List.of("pgwire", "jdbc", "events", "relay", "serve", "cli")));

    /** Modules that nothing is built on: they may use everything. */
    private static final Set<String> FREE_MODULES = Set.of("bench", "examples");

    /** What every package may import. */
    private static final List<String> OPEN_TO_ALL =
            List.of(
                    "java.",
                    "javax.",
                    "org.jspecify.annotations.",
                    "com.google.errorprone.annotations.");

    /** The other libraries, each with the packages that may. */
    private static final Map<String, Set<String>> LIBRARIES =
            Map.ofEntries(
                    Map.entry("org.h2.", Set.of("engine", "engine.function")),
                    Map.entry(
                            "com.fasterxml.jackson.core.",
                            Set.of(
                                    "engine",
                                    "engine.function",
                                    "sql",
                                    "trigger",
                                    "client",
                                    "relay")),
                    Map.entry("com.fasterxml.jackson.databind.", Set.of("client")),
                    Map.entry("com.fasterxml.jackson.datatype.", Set.of("client")),
                    Map.entry("jdk.jfr.", Set.of("pubsub", "log", "engine", "session")),
                    Map.entry("org.tomlj.", Set.of("config")),
                    Map.entry("org.postgresql.", Set.of("client", "jdbc", "cli")),
                    Map.entry("org.eclipse.jetty.", Set.of("relay")),
                    Map.entry("com.nimbusds.", Set.of("relay")),
                    Map.entry("io.prometheus.", Set.of("relay")),
                    Map.entry("picocli.", Set.of("cli")),
                    Map.entry("org.jline.", Set.of("cli")),
                    Map.entry("org.HdrHistogram.", Set.of("cli")),
                    Map.entry("ch.qos.logback.", Set.of("cli")),
                    Map.entry("org.slf4j.", Set.of("cli")));

    private static final Pattern IMPORT =
            Pattern.compile("(?m)^import\\s+(?:static\\s+)?([\\w.]+(?:\\.\\*)?)\\s*;");

    /** A name with its package, used in the code itself. */
    private static final Pattern QUALIFIED =
            Pattern.compile("(?<![\\w.])(?:io\\.heliosdb|org\\.h2)(?:\\.[a-z]\\w*)*\\.[A-Z]\\w*");

    private record Module(String name, List<String> dependsOn, List<String> packages) {}

    private Layers() {}

    /**
     * The modules of the table.
     *
     * @return lowest first
     */
    public static List<String> modules() {
        return MODULES.stream().map(Module::name).toList();
    }

    /**
     * What a source imports and may not.
     *
     * @param file a main source
     * @return a fault for each
     */
    public static List<String> faults(SourceFile file) {
        if (FREE_MODULES.contains(file.module())) {
            return List.of();
        }
        var module = MODULES.stream().filter(m -> m.name().equals(file.module())).findFirst();
        if (module.isEmpty()) {
            return List.of(file.at(1) + "module '" + file.module() + "' is not in the layer table");
        }
        String own = shortName(file.packageName());
        if (own == null || !module.get().packages().contains(own)) {
            return List.of(
                    file.at(1)
                            + "package "
                            + file.packageName()
                            + " is not in the layer table of "
                            + file.module());
        }
        return importFaults(file, module.get(), own);
    }

    /**
     * What a module's pom depends on and may not.
     *
     * @param module its name
     * @param pomName as faults name it
     * @param pom its lines
     * @return a fault for each
     */
    public static List<String> moduleFaults(String module, String pomName, List<String> pom) {
        var allowed =
                MODULES.stream()
                        .filter(m -> m.name().equals(module))
                        .findFirst()
                        .orElseThrow()
                        .dependsOn();
        var own = Pattern.compile("<artifactId>heliosdb-(\\w+)</artifactId>");
        var faults = new ArrayList<String>();
        for (int i = 0; i < pom.size(); i++) {
            var matcher = own.matcher(pom.get(i));
            if (matcher.find()
                    && !isSelfOrParent(matcher.group(1), module)
                    && !allowed.contains(matcher.group(1))) {
                faults.add(
                        pomName
                                + ":"
                                + (i + 1)
                                + ": "
                                + module
                                + " may not depend on "
                                + matcher.group(1));
            }
        }
        return faults;
    }

    private static boolean isSelfOrParent(String name, String module) {
        return name.equals(module) || name.equals("lite");
    }

    private static List<String> importFaults(SourceFile file, Module module, String own) {
        var faults = new ArrayList<String>();
        String code = file.code();
        for (var pattern : List.of(IMPORT, QUALIFIED)) {
            var matcher = pattern.matcher(code);
            while (matcher.find()) {
                String name = matcher.group(matcher.groupCount());
                if (!mayUse(module, own, name)) {
                    faults.add(
                            file.at(file.lineOf(matcher.start()))
                                    + packageOf(own)
                                    + " may not use "
                                    + name);
                }
            }
        }
        return faults;
    }

    private static boolean mayUse(Module module, String own, String name) {
        if (name.startsWith(ROOT + ".")) {
            String used = shortName(name.replaceFirst("\\.(?:[A-Z].*|\\*)$", ""));
            return used != null && (used.equals(own) || below(module, own).contains(used));
        }
        if (OPEN_TO_ALL.stream().anyMatch(name::startsWith)) {
            return true;
        }
        return LIBRARIES.entrySet().stream()
                .anyMatch(e -> name.startsWith(e.getKey()) && e.getValue().contains(own));
    }

    private static List<String> below(Module module, String own) {
        var below = new ArrayList<>(module.packages().subList(0, module.packages().indexOf(own)));
        for (var other : MODULES) {
            if (module.dependsOn().contains(other.name())) {
                below.addAll(other.packages());
            }
        }
        return below;
    }

    /** The package's name below the root, empty for the root itself, null where it is not ours. */
    private static String shortName(String packageName) {
        if (packageName.equals(ROOT)) {
            return "";
        }
        return packageName.startsWith(ROOT + ".") ? packageName.substring(ROOT.length() + 1) : null;
    }

    private static String packageOf(String own) {
        return own.isEmpty() ? ROOT : ROOT + "." + own;
    }
}
