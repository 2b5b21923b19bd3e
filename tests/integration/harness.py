"""A daemon of its own for each test, and the client to talk to it.

The environment variable TOCSIN_BIN names the folder of the programs under test
(build/dev/bin).
"""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("TOCSIN_BIN", SOURCE / "build/dev/bin"))
TIMEOUT = 60  # Seconds: longer than anything here takes, on a busy machine.

RULES = """
rules:
  - name: new-organization
    filter: new(entity) AND entity.type = ORGANIZATION
    urgency: 3
  - name: new-amount
    filter: new(amount)
    urgency: 4
"""


def wait_until(condition, what, timeout=TIMEOUT):
    """Returns what `condition` returns once it is true."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"waited {timeout} s for {what}")


class Daemon:
    """A tocsind on a free port, with its data in a folder of the test."""

    def __init__(self, folder, rules=RULES):
        self.folder = pathlib.Path(folder)
        self.rules = self.folder / "rules.yaml"
        self.rules.write_text(rules)
        self.port = 0  # A free one, and the same after a restart.
        self.options = []  # More words for its command line.
        self.environment = dict(os.environ)
        self.process = None

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def read_log(self):
        return (self.folder / "tocsind.log").read_text(errors="replace")

    def start(self):
        port_file = self.folder / "port"
        port_file.unlink(missing_ok=True)
        self.log = open(self.folder / "tocsind.log", "ab")
        self.process = subprocess.Popen(
            [BIN / "tocsind", "--data", self.folder / "data", "--listen", self.address,
             "--port-file", port_file, "--rules", self.rules, *map(str, self.options)],
            stdout=self.log, stderr=self.log, env=self.environment)

        def served():
            if self.process.poll() is not None:
                raise AssertionError("tocsind ended: " + self.read_log())
            return port_file.exists() and port_file.read_text().strip()

        self.port = int(wait_until(served, "tocsind to serve"))
        return self

    def stop(self, signal_number=signal.SIGTERM):
        """Ends the daemon and returns its exit code."""
        if self.process is None:
            return None
        self.process.send_signal(signal_number)
        code = self.process.wait(timeout=TIMEOUT)
        self.process = None
        self.log.close()
        return code

    def kill(self):
        if self.process is not None:
            self.stop(signal.SIGKILL)


class Result:
    """What a command did."""

    def __init__(self, done):
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr

    @property
    def json(self):
        return [json.loads(line) for line in self.out.splitlines()]

    def __repr__(self):
        return f"exit code {self.code}\n--- stdout\n{self.out}\n--- stderr\n{self.err}"


class TestCase(unittest.TestCase):
    """A test with a running daemon (self.daemon) and a folder (self.folder)."""

    # Whether the tests of the class share one daemon, which they only ask.
    SHARED = False

    def setUp(self):
        cls = type(self)
        if "shared" in cls.__dict__:
            self.folder, self.daemon = cls.shared
            return
        cleanup = cls.addClassCleanup if self.SHARED else self.addCleanup
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tocsin-test-"))
        cleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.daemon = Daemon(self.folder)
        cleanup(self.daemon.kill)
        self.daemon.start()
        self.fill()
        if self.SHARED:
            cls.shared = self.folder, self.daemon

    def fill(self):
        """What a new daemon is given before the tests."""

    def environment(self):
        environment = dict(os.environ, TOCSIN_SERVER=self.daemon.address, TZ="UTC", LC_ALL="C.UTF-8")
        for name in ("NO_COLOR", "COLUMNS"):
            environment.pop(name, None)
        return environment

    def tocsin(self, *arguments, input=None, server=None, code=0):
        """Runs the client; fails unless it exits with `code` (None: any)."""
        environment = self.environment()
        if server is not None:
            environment["TOCSIN_SERVER"] = server
        done = subprocess.run(
            [BIN / "tocsin", *map(str, arguments)], input=input, capture_output=True,
            text=not isinstance(input, bytes), env=environment, timeout=TIMEOUT)
        result = Result(done)
        if isinstance(input, bytes):
            result.out, result.err = result.out.decode(), result.err.decode()
        if code is not None:
            self.assertEqual(result.code, code, result)
        return result

    def start_tocsin(self, *arguments, **options):
        """Starts the client in the background; it is ended with the test."""
        return self.start_process([BIN / "tocsin", *map(str, arguments)], **options)

    def start_process(self, command, **options):
        options.setdefault("env", self.environment())
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)

        def end():
            if process.poll() is None:
                process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream is not None and not stream.closed:
                    try:
                        stream.close()
                    except BrokenPipeError:
                        pass

        self.addCleanup(end)
        return process

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def articles(self, *ids, source="test", amount_step=1):
        """JSON Lines of articles that each name a sum of their own."""
        return "".join(
            json.dumps({
                "id": str(i), "source": source, "language": "en",
                "headline": f"Microsoft raises money, round {i}",
                "body": f"Microsoft said on Monday that it raised "
                        f"{1000 + amount_step * int(i)} million dollars from its investors.",
            }) + "\n" for i in ids)

    def sequences(self, lines):
        return [int(json.loads(line)["sequence"]) for line in lines]
