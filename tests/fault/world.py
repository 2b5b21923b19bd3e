"""A daemon, a sender, and listeners that outlive the daemon's deaths.

A fault program makes a World, starts it, breaks something, settles it, and asks
it what became of the promises (validators.py):

    with world.World("kill9", seed) as it:
        it.start()
        ...
        return it.report(cycles=cycles)

TOCSIN_BIN names the folder of the programs, as for the integration tests. Needs
Debian's python3-grpcio and protobuf-compiler.
"""
import argparse
import collections
import hashlib
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True
SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "tests/integration"))

import grpc  # noqa: E402
import harness  # noqa: E402
import validators  # noqa: E402

BATCH = 64  # Articles a message.
SETTLE = 180  # Seconds: to hear everything, on a busy machine.
CHECKED_BODIES = 3000  # At most; all articles are looked for in the list.
RULES = """
rules:
  - name: any-name
    filter: new(entity)
    urgency: 3
  - name: any-sum
    filter: new(amount)
  - name: every-article
    filter: article.source = "fault"
"""

Ack = collections.namedtuple("Ack", "stored alert_count")
Logged = collections.namedtuple("Logged", "sequence rule article subject urgency digest")


def load_messages():
    """The proto modules, made by protoc."""
    folder = tempfile.mkdtemp(prefix="tocsin-protos-")
    try:
        protos = sorted((SOURCE / "proto/tocsin/v1").glob("*.proto"))
        subprocess.run(["protoc", f"-I{SOURCE / 'proto'}", f"--python_out={folder}", *protos],
                       check=True)
        sys.path.insert(0, folder)
        from tocsin.v1 import (admin_service_pb2, alert_service_pb2, archive_service_pb2,
                               article_pb2, error_pb2, ingest_service_pb2)
        return (admin_service_pb2, alert_service_pb2, archive_service_pb2, article_pb2,
                error_pb2, ingest_service_pb2)
    finally:
        shutil.rmtree(folder)


ADMIN, ALERT, ARCHIVE, ARTICLE, ERROR, INGEST = load_messages()


def make_article(index, seed):
    """The article of that number: names and sums of its own, and shared ones, and
    enough words of its own to be no near-copy of another."""
    chance = random.Random(f"{seed}/{index}")
    syllables = ["ka", "lo", "mi", "ra", "zen", "tor", "vel", "qui"]

    def word():
        return "".join(chance.choices(syllables, k=4))

    name = word().capitalize()
    shared = f"Helvora{chance.randrange(50)}"
    money = chance.randrange(10, 10_000_000)
    return ARTICLE.Article(
        source="fault", id=str(index), language="en",
        headline=f"{name} Systems buys a part of {shared} Group",
        body=(f"{name} Systems Inc. said on Monday that it pays {money:,} dollars to {shared} "
              f"Group. The company {name} Systems has {chance.randrange(10, 9999)} employees. "
              + " ".join(word() for _ in range(chance.randrange(20, 200)))
              + f" was told as number {index}."))


def article_name(index):
    return f"sources/fault/articles/{index}"


def digest(alert):
    """Of all of it but its token, which says in which epoch it was read."""
    alert.ClearField("resume_token")
    return hashlib.blake2b(alert.SerializeToString(deterministic=True), digest_size=8).digest()


def logged(alert):
    subject = alert.mention.entity.name or (
        alert.mention.amount.SerializeToString(deterministic=True) + alert.mention.anchor.encode())
    return Logged(alert.sequence, alert.rule, alert.article, subject, alert.urgency, digest(alert))


class Api:
    """The calls that are needed, over one connection, without generated stubs."""

    def __init__(self, address, **options):
        options = {"grpc.max_receive_message_length": 64 << 20,
                   "grpc.use_local_subchannel_pool": 1, "grpc.enable_http_proxy": 0,
                   "grpc.initial_reconnect_backoff_ms": 50,
                   "grpc.min_reconnect_backoff_ms": 50,
                   "grpc.max_reconnect_backoff_ms": 200, **options}
        self.channel = grpc.insecure_channel(address, options=list(options.items()))

    def close(self):
        self.channel.close()

    def _method(self, kind, method, request, response):
        return getattr(self.channel, kind)(
            f"/tocsin.v1.{method}", request_serializer=request.SerializeToString,
            response_deserializer=response.FromString)

    def unary(self, method, request, response):
        return self._method("unary_unary", method, type(request), response)(
            request, timeout=harness.TIMEOUT, wait_for_ready=True)

    def begin(self, method, request, response):
        """The same, but as a call to wait for, which fails where there is no daemon."""
        return self._method("unary_unary", method, type(request), response).future(
            request, timeout=harness.TIMEOUT)

    def ingest_articles(self, requests):
        return self._method("stream_stream", "IngestService/IngestArticles",
                            INGEST.IngestArticlesRequest, INGEST.IngestArticlesResponse)(requests)

    def watch(self, token="", filter=""):
        request = ALERT.WatchAlertsRequest(filter=filter)
        if token:
            request.start.resume_token = token
        else:
            request.start.after_sequence = 0
        return self._method("unary_stream", "AlertService/WatchAlerts", ALERT.WatchAlertsRequest,
                            ALERT.WatchAlertsResponse)(request)

    def pull(self, requests):
        return self._method("stream_stream", "AlertService/PullAlerts", ALERT.PullAlertsRequest,
                            ALERT.PullAlertsResponse)(requests)

    def pages(self, method, request, response):
        """Every page of a List method."""
        request.page_size = 1000
        while True:
            answer = self.unary(method, request, response)
            yield answer
            request.page_token = answer.next_page_token
            if not request.page_token:
                return

    def all_alerts(self):
        return [logged(alert)
                for page in self.pages("AlertService/ListAlerts",
                                       ALERT.ListAlertsRequest(oldest_first=True),
                                       ALERT.ListAlertsResponse)
                for alert in page.alerts]

    def last_sequence(self):
        page = self.unary("AlertService/ListAlerts", ALERT.ListAlertsRequest(page_size=1),
                          ALERT.ListAlertsResponse)
        return page.alerts[0].sequence if page.alerts else 0

    def all_articles(self):
        return [article.id
                for page in self.pages("ArchiveService/ListArticles", ARCHIVE.ListArticlesRequest(),
                                       ARCHIVE.ListArticlesResponse)
                for article in page.articles]

    def body(self, name):
        return self.unary("ArchiveService/GetArticle", ARCHIVE.GetArticleRequest(name=name),
                          ARTICLE.Article).body


class Follower:
    """A thread that calls again whenever its call ends, until it is stopped."""

    def __init__(self):
        self.stopping = threading.Event()
        self.api = None
        self.call = None
        self.thread = None
        self.failure = None  # An error that no retry helps against.
        self.refused = None  # What a daemon said that failed, last.
        self.exhausted = 0  # How often a call ended for want of space.

    def start(self, address):
        self.stopping.clear()
        self.api = Api(address)
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def stop(self):
        self.stopping.set()
        if self.call is not None:
            self.call.cancel()
        self.thread.join()
        self.api.close()

    def _run(self):
        while not self.stopping.is_set() and self.failure is None:
            try:
                self.once()
            except grpc.RpcError as error:
                if error.code() in (grpc.StatusCode.OUT_OF_RANGE,
                                    grpc.StatusCode.INVALID_ARGUMENT):
                    self.failure = f"{error.code().name}: {error.details()}"
                elif error.code() in (grpc.StatusCode.INTERNAL, grpc.StatusCode.DATA_LOSS):
                    self.refused = error.details()
                elif error.code() == grpc.StatusCode.RESOURCE_EXHAUSTED:
                    self.exhausted += 1
            self.stopping.wait(0.02)


class Watcher(Follower):
    """Follows the alerts over restarts, as a desk does."""

    def __init__(self, filter="", wanted=lambda alert: True):
        super().__init__()
        self.filter, self.wanted = filter, wanted
        self.token = ""
        self.position = 0
        self.seen = []

    def once(self):
        self.call = self.api.watch(self.token, self.filter)
        for response in self.call:
            if self.stopping.is_set():
                return
            self.take(response)

    def take(self, response):
        self.seen.extend((alert.sequence, digest(alert)) for alert in response.alerts)
        self.token, self.position = response.resume_token, response.sequence

    def __str__(self):
        return f"{self.position}, {type(self).__name__} {self.filter!r}, thread {self.thread}"

    def reached(self, sequence):
        return self.position >= sequence or self.failure is not None

    def check(self, alerts):
        faults = validators.watch(alerts, self.seen, self.wanted)
        if self.failure is not None:
            faults["not resumed"] += 1
            print(f"a watcher was refused: {self.failure}", file=sys.stderr)
        return faults


class HoppingWatcher(Watcher):
    """Breaks off in the middle of batches and resumes with an alert's own token."""

    def __init__(self, seed):
        super().__init__()
        self.chance = random.Random(f"{seed}/hopping")

    def take(self, response):
        if not response.alerts or self.chance.random() < 0.9:
            return super().take(response)
        kept = self.chance.randrange(len(response.alerts)) + 1
        last = response.alerts[kept - 1]
        self.token, self.position = last.resume_token, last.sequence
        self.seen.extend((alert.sequence, digest(alert)) for alert in response.alerts[:kept])
        self.call.cancel()
        raise Hop()


class Hop(grpc.RpcError):
    def code(self):
        return grpc.StatusCode.CANCELLED


class Sender(Follower):
    """Sends articles, up to a number, and what is not acked again."""

    def __init__(self, seed, limit):
        super().__init__()
        self.seed, self.limit = seed, limit
        self.acks = {}  # Index: the first Ack.
        self.rejected = []
        # Send again what is refused for want of space or because of the disk.
        self.retry_rejected = False
        self.retried = 0
        self.pause = 0  # Seconds before each message.
        self.unacked = collections.OrderedDict()  # Sent before, in this order.
        self.next = 0
        self.connection = 0
        self.lock = threading.Lock()

    def once(self):
        with self.lock:
            self.connection += 1
            connection = self.connection
            again = collections.deque(self.unacked)
        sent = collections.deque()

        def fill(articles):
            while len(articles) < BATCH and (again or self.next < self.limit):
                if again:
                    index = again.popleft()
                else:
                    index, self.next = self.next, self.next + 1
                self.unacked[index] = None
                sent.append(index)
                articles.append(make_article(index, self.seed))

        def requests():
            while not self.stopping.wait(self.pause):
                request = INGEST.IngestArticlesRequest()
                with self.lock:
                    # gRPC may still ask for the messages of a call that ended.
                    if connection == self.connection:
                        fill(request.articles)
                if not request.articles:
                    return
                yield request

        self.call = self.api.ingest_articles(requests())
        for response in self.call:
            for result in response.results:
                self.take(sent.popleft(), result)
        if self.done():
            self.stopping.set()

    def take(self, index, result):
        if self.retry_rejected and result.outcome == INGEST.IngestResult.REJECTED:
            self.retried += 1
            self.call.cancel()  # It stays unacked; the next call sends it again.
            self.stopping.wait(0.05)
            return
        self.unacked.pop(index, None)
        if result.outcome == INGEST.IngestResult.REJECTED:
            self.rejected.append((index, result.error.message))
        elif index not in self.acks:
            self.acks[index] = Ack(result.outcome == INGEST.IngestResult.STORED,
                                   result.alert_count)

    def refusals(self):
        """For want of space, of a call or of an article."""
        return self.exhausted + self.retried

    def send_no_more(self):
        """Beyond what was sent before."""
        with self.lock:
            self.limit = self.next

    def done(self):
        return self.next >= self.limit and not self.unacked


class World:
    def __init__(self, name, seed, articles, environment=None, listeners=None, keep=False):
        self.name, self.seed, self.keep = name, seed, keep
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"tocsin-{name}-"))
        self.daemon = harness.Daemon(self.folder, RULES)
        self.daemon.environment.update(environment or {})
        self.sender = Sender(seed, articles)
        self.listeners = default_listeners(seed) if listeners is None else listeners
        self.address = None  # Where clients connect; None: the daemon itself.
        self.faults = None  # What report() found.
        self.began = time.monotonic()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.stop_followers()
        self.daemon.kill()
        if self.keep:
            print(f"kept {self.folder}", file=sys.stderr)
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        """The daemon, the listeners and the sender."""
        self.daemon.start()
        self.follow()

    def follow(self):
        for follower in (*self.listeners, self.sender):
            follower.start(self.address or self.daemon.address)

    def stop_followers(self):
        for follower in (self.sender, *self.listeners):
            if follower.thread is not None and follower.thread.is_alive():
                follower.stop()

    def wait_until_sent(self):
        harness.wait_until(lambda: self.sender.done() or self.sender.failure,
                           "everything to be acked", timeout=300)

    def wait_for_acks(self, count, watched=None):
        """Until so many more are acked, everything is, or `watched` ends."""
        goal = len(self.sender.acks) + count
        harness.wait_until(
            lambda: (len(self.sender.acks) >= goal or self.sender.done()
                     or (watched is not None and watched.poll() is not None)),
            f"{count} more acks (rejected so far: {self.sender.rejected[:3]})")

    def settle(self):
        """Until everything is sent, acked, and heard by everybody."""
        self.wait_until_sent()
        api = Api(self.daemon.address)
        last = api.last_sequence()
        for listener in self.listeners:
            harness.wait_until(lambda one=listener: one.reached(last),
                               f"a listener to reach alert {last}; it is at {listener}",
                               timeout=SETTLE)
        return api

    def report(self, **figures):
        """Settles, checks, prints one line; 0 if all promises were kept."""
        api = self.settle()
        alerts = api.all_alerts()
        stored = dict.fromkeys(map(article_name, api.all_articles()))
        acked = [article_name(index) for index in self.sender.acks]
        chance = random.Random(f"{self.seed}/bodies")
        for name in chance.sample(acked, min(len(acked), CHECKED_BODIES)):
            if name in stored:
                stored[name] = body_or_error(api, name)
        api.close()
        faults = validators.store(
            {article_name(index): ack for index, ack in self.sender.acks.items()},
            lambda name: make_article(name.rpartition("/")[2], self.seed).body, stored, alerts)
        faults += validators.log(alerts)
        for listener in self.listeners:
            faults += listener.check(alerts)
        for index, message in self.sender.rejected[:3]:
            print(f"rejected {index}: {message}", file=sys.stderr)
        faults["rejected"] += len(self.sender.rejected)
        faults["not acked"] += self.sender.limit - len(self.sender.acks)
        faults["silent"] += not alerts
        print(f"{self.name}: seed {self.seed}: " + validators.line(
            faults, **{"cycles": 1, **figures}, acked=len(acked), alerts=len(alerts),
            seconds=round(time.monotonic() - self.began)), flush=True)
        self.faults = faults
        return 0 if faults.total() == 0 else 1


def body_or_error(api, name):
    try:
        return api.body(name)
    except grpc.RpcError as error:
        return f"{error.code()}: {error.details()}"


def default_listeners(seed):
    import puller  # Which needs this module.
    return [Watcher(),
            Watcher("urgency <= 3", lambda alert: alert.urgency <= 3),
            HoppingWatcher(seed),
            puller.Puller(seed, filter="urgency <= 3", wanted=lambda alert: alert.urgency <= 3),
            puller.Puller(seed, "ordered", consumers=2, ordered=True,
                          filter="rule = \"rules/any-sum\"",
                          wanted=lambda alert: alert.rule == "rules/any-sum")]


def arguments(description, **numbers):
    """Parses --seed, --keep, and the program's own numbers with their defaults."""
    parser = argparse.ArgumentParser(description=description.split("\n\n")[0])
    for name, default in numbers.items():
        parser.add_argument(f"--{name}", type=type(default), default=default)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    parser.add_argument("--keep", action="store_true", help="leave the data for a look")
    return parser.parse_args()
