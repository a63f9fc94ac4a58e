#!/usr/bin/python3
"""psql, as a person at a terminal would use it: two sessions that stay open, and one-shot commands."""
import os
import queue
import re
import signal
import subprocess
import tempfile
import threading

from common import *

MARK = "--- end of answer ---"


class Psql:
    """An interactive psql fed through pipes; each command's output ends with a mark of our own."""

    def __init__(self, *options):
        self.process = subprocess.Popen(
            ["/usr/bin/psql", "-X", "-q", "-A", "-t", *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, encoding="utf-8")
        self.lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))
        self.lines.put(None)

    def run(self, command):
        """The lines that psql prints."""
        self.process.stdin.write(command + "\n\\echo " + MARK + "\n")
        self.process.stdin.flush()
        got = []
        while True:
            try:
                line = self.lines.get(timeout=PATIENCE)
            except queue.Empty:
                raise AssertionError("%s: no answer, only %r" % (command, got)) from None
            if line is None or line == MARK:
                return got
            got.append(line)

    def close(self):
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        equal(self.process.returncode, 0)


def once(*options, **environment):
    """Exit status, output and error output of a psql that ends by itself."""
    done = subprocess.run(["/usr/bin/psql", "-X", *options], env=dict(os.environ, **environment), stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, encoding="utf-8", timeout=2 * PATIENCE)
    return done.returncode, done.stdout, done.stderr


def message(channel, text, pid):
    with_payload = ' with payload "%s"' % text if text else ""
    return 'Asynchronous notification "%s"%s received from server process with PID %s.' % (channel, with_payload, pid)


@step
def connects_and_tells_its_server():
    status, out, err = once("-At", "-c", "show server_version", "-c", "select current_user, current_database()")
    equal((status, err), (0, ""))
    if not re.match(r"15\.", out):
        raise AssertionError(out)
    equal(out.splitlines()[1], "%s|%s" % (USER, DATABASE))


@step
def another_session_receives_exactly_what_was_committed():
    listener, writer = Psql(), Psql()
    [pid] = writer.run("select pg_backend_pid();")
    # -c sends a definition as it is; psql's own reader would end it at the first semicolon of a trigger's body.
    status, _, err = once("-q", "-v", "ON_ERROR_STOP=1", "-c", "set client_min_messages = warning",
                          "-c", "drop table if exists sales_orders", "-c", SALES_TABLE, "-c", SALES_TRIGGER)
    equal((status, err), (0, ""))
    equal(listener.run("listen sales_updates;"), [])
    insert = "insert into sales_orders (customer_id, amount) values (%d, %s);"
    writer.run("begin;\n" + insert % (1, "10.25") + "\n" + insert % (2, "20.75"))
    equal(listener.run("select 'nothing yet';"), ["nothing yet"])
    equal(writer.run("commit;"), [])
    writer.run("begin;\n" + insert % (3, "30.33") + "\nrollback;")
    writer.run(insert % (4, "40.44"))
    got = listener.run("select id, amount from sales_orders order by id;")
    rows = [line.split("|") for line in got[:3]]
    equal([row[1] for row in rows], ["10.25", "20.75", "40.44"])
    equal(got[3:], [message("sales_updates", payload(int(i), a), pid) for i, a in rows])
    equal(listener.run("select 'nothing more';"), ["nothing more"])
    listener.close()
    writer.close()


@step
def a_session_hears_itself_with_and_without_payload():
    session = Psql()
    [pid] = session.run("select pg_backend_pid();")
    session.run("listen c;")
    equal(session.run("notify c;"), [message("c", "", pid)])
    equal(session.run("notify c, 'é ''quoted''';"), [message("c", "é 'quoted'", pid)])
    equal(session.run("unlisten c;\nnotify c;"), [])
    session.close()


@step
def a_busy_session_gets_what_waited():
    listener, other = Psql(), Psql()
    [pid] = other.run("select pg_backend_pid();")
    listener.run("listen busy;")
    listener.process.stdin.write("select pg_sleep(2);\n")
    listener.process.stdin.flush()
    other.run("notify busy, '1';\nnotify busy, '2';")
    equal(listener.run(""), ["", message("busy", "1", pid), message("busy", "2", pid)])
    listener.close()
    other.close()


@step
def prints_a_table_and_its_values():
    status, out, err = once("-c", "select 1 as a, 'é' as b, null as c, 1.50 as d, true as e, date '2026-02-03' as f")
    equal((status, err), (0, ""))
    equal(out, " a | b | c |  d   | e |     f      \n---+---+---+------+---+------------\n"
               " 1 | é |   | 1.50 | t | 2026-02-03\n(1 row)\n\n")


@step
def command_tags_are_shown():
    status, out, err = once("-c", "create temp table command_tags(i int)", "-c", "insert into command_tags values (1), (2)",
                            "-c", "update command_tags set i = 3 where i = 1", "-c", "delete from command_tags", "-c", "begin", "-c", "notify c",
                            "-c", "commit")
    equal((status, err), (0, ""))
    equal(out.splitlines(), ["CREATE TABLE", "INSERT 0 2", "UPDATE 1", "DELETE 2", "BEGIN", "NOTIFY", "COMMIT"])


@step
def an_error_has_its_code_and_place_and_the_session_lives_on():
    session = Psql("-v", "VERBOSITY=verbose")
    got = session.run("select 1 from nowhere;")
    equal(got[:3], ['ERROR:  42P01: relation "nowhere" does not exist', "LINE 1: select 1 from nowhere;",
                    "                      ^"])
    equal(session.run("select 1;"), ["1"])
    equal(session.run("selec 1;")[:3], ['ERROR:  42601: syntax error at or near "selec"', "LINE 1: selec 1;", "        ^"])
    equal(session.run("select 2;"), ["2"])
    session.close()


@step
def a_failed_block_refuses_until_its_end():
    session = Psql("-v", "VERBOSITY=terse")
    session.run("begin;")
    equal(session.run("select 1/0;"), ["ERROR:  division by zero"])
    equal(session.run("select 1;"), ["ERROR:  current transaction is aborted, commands ignored until end of transaction block"])
    session.run("rollback;")
    equal(session.run("select 1;"), ["1"])
    session.close()


@step
def a_script_in_one_transaction_sends_all_or_nothing():
    listener = Psql()
    listener.run("listen c;")
    equal(once("-1", "-q", "-v", "ON_ERROR_STOP=1", "-c", "notify c, 'lost'", "-c", "select 1/0")[0], 1)
    equal(once("-1", "-q", "-c", "notify c, 'kept'", "-c", "notify c, 'too'")[0], 0)
    got = listener.run("select 'now';")
    equal(got[0], "now")
    equal([re.sub(r"PID \d+", "PID n", line) for line in got[1:]], [message("c", "kept", "n"), message("c", "too", "n")])
    listener.close()


@step
def interrupt_cancels_the_statement():
    listener = Psql()
    listener.run("listen running;")
    sleeper = subprocess.Popen(["/usr/bin/psql", "-X", "-q", "-v", "VERBOSITY=terse", "-c", "notify running",
                                "-c", "select pg_sleep(30)"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, encoding="utf-8")
    # From its first command on, an interrupt cancels what runs and is without effect while nothing does.
    wait_until(lambda: len(listener.run("select 1;")) > 1, "the first command")

    def cancelled():
        sleeper.send_signal(signal.SIGINT)
        try:
            sleeper.wait(0.3)
            return True
        except subprocess.TimeoutExpired:
            return False
    wait_until(cancelled, "the cancel")
    equal([line for line in sleeper.stdout.read().splitlines() if line != "Cancel request sent"],
          ["ERROR:  canceling statement due to user request"])
    listener.close()


@step
def copies_files_of_the_client():
    with tempfile.TemporaryDirectory() as directory:
        source, target = os.path.join(directory, "in.csv"), os.path.join(directory, "out.txt")
        with open(source, "w", encoding="utf-8") as file:
            file.write('i,s\n1,"a,b"\n2,\n')
        status, out, err = once("-c", "drop table if exists copied_p", "-c", "create table copied_p (i int, s text)",
                                "-c", "\\copy copied_p from '%s' csv header" % source,
                                "-c", "\\copy (select * from copied_p order by i) to '%s'" % target)
        equal((status, out.splitlines()[-2:]), (0, ["COPY 2", "COPY 2"]))
        with open(target, encoding="utf-8") as file:
            equal(file.read(), "1\ta,b\n2\t\\N\n")
        equal(once("-c", "copy copied_p (i) to stdout"), (0, "1\n2\n", ""))


@step
def a_variable_of_psql_has_it_fetch_in_parts():
    equal(once("-At", "-v", "FETCH_COUNT=10", "-c", "select i from generate_series(1, 25) g(i)"),
          (0, "".join("%d\n" % i for i in range(1, 26)), ""))


@step
def logs_in_with_scram():
    equal(once("-p", str(SCRAM_PORT), "-U", SCRAM_USER, "-At", "-c", "select current_user", PGPASSWORD=SCRAM_PASSWORD),
          (0, SCRAM_USER + "\n", ""))
    status, out, err = once("-p", str(SCRAM_PORT), "-U", SCRAM_USER, "-c", "select 1", PGPASSWORD="wrong")
    equal((status, out), (2, ""))
    if 'password authentication failed for user "%s"' % SCRAM_USER not in err:
        raise AssertionError(err)


run()
