"""What the Python clients share: the target from the environment, named steps, and waits that end."""
import os
import sys
import time
import traceback

HOST = os.environ["PGHOST"]
PORT = int(os.environ["PGPORT"])
USER = os.environ["PGUSER"]
DATABASE = os.environ["PGDATABASE"]
SALES_TABLE = os.environ["CONFORMANCE_SALES_TABLE"]
SALES_TRIGGER = os.environ["CONFORMANCE_SALES_TRIGGER"]
SCRAM_PORT = int(os.environ["CONFORMANCE_SCRAM_PORT"])
SCRAM_USER = os.environ["CONFORMANCE_SCRAM_USER"]
SCRAM_PASSWORD = os.environ["CONFORMANCE_SCRAM_PASSWORD"]

PATIENCE = 10.0
INSERT = "insert into sales_orders (customer_id, amount) values (%s, %s)"

STEPS = []


def step(function):
    STEPS.append(function)
    return function


def equal(got, want):
    if got != want:
        raise AssertionError("got %r, want %r" % (got, want))


def payload(order, amount):
    return '{"order_id":%d,"amount":%s}' % (order, amount)


def wait_until(condition, what):
    """Calls condition, which waits a little itself, until it is true."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("waited %g s for %s" % (PATIENCE, what))


def run():
    failed = 0
    for function in STEPS:
        name = function.__name__.replace("_", " ")
        try:
            function()
            print("ok   " + name, flush=True)
        except Exception:
            failed += 1
            print("FAIL " + name, flush=True)
            traceback.print_exc(file=sys.stdout)
    sys.exit(1 if failed else 0)
