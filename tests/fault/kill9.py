#!/usr/bin/env python3
"""Kills the daemon in the middle of an ingest, again and again, and checks what
it had promised.

    kill9.py [--articles 20000] [--cycles 5] [--seed N] [--seconds 1.5]

Each cycle starts tocsind on the same directory, sends the articles that are not
acked yet, and kills it with SIGKILL after a random time; meanwhile a watcher
follows the alerts and resumes with its last token. After the last kill the rest
is sent, and then:

  store: every acked article is there, with the body that was sent;
  log:   sequences are 1, 2, 3 ... without holes; no subject rings twice for an
         article; an acked article rang exactly as often as its ack said;
  watch: the watcher saw every alert once, in order.

Prints cycles, acked, lost, duplicated, out of order; exits with 1 unless all is
zero that should be. TOCSIN_BIN names the folder of the programs, as for the
integration tests. Needs Debian's python3-grpcio and protobuf-compiler.
"""
import argparse
import collections
import pathlib
import queue
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

BATCH = 64  # Articles a message.
RULES = """
rules:
  - name: any-name
    filter: new(entity)
  - name: any-sum
    filter: new(amount)
  - name: every-article
    filter: article.source = "kill9"
"""


def load_messages(folder):
    """The proto modules, made by protoc into `folder`."""
    protos = sorted((SOURCE / "proto/tocsin/v1").glob("*.proto"))
    subprocess.run(["protoc", f"-I{SOURCE / 'proto'}", f"--python_out={folder}", *protos],
                   check=True)
    sys.path.insert(0, str(folder))
    from tocsin.v1 import (alert_service_pb2, archive_service_pb2, ingest_service_pb2)
    return alert_service_pb2, archive_service_pb2, ingest_service_pb2


def make_article(ingest, index, seed):
    """The article of that number: names and sums of its own, and shared ones."""
    chance = random.Random(f"{seed}/{index}")
    syllables = ["ka", "lo", "mi", "ra", "zen", "tor", "vel", "qui"]
    name = "".join(chance.choice(syllables) for _ in range(4)).capitalize()
    shared = f"Helvora{chance.randrange(50)}"
    money = chance.randrange(10, 10_000_000)
    article = ingest.IngestArticlesRequest().articles.add()
    article.source = "kill9"
    article.id = f"{index}"
    article.language = "en"
    article.headline = f"{name} Systems buys a part of {shared} Group"
    article.body = (
        f"{name} Systems Inc. said on Monday that it pays {money:,} dollars to {shared} Group. "
        f"The company {name} Systems has {chance.randrange(10, 9999)} employees. "
        + "The two have talked about it for a long time. " * chance.randrange(3, 40)
        + f"It was told as number {index}.")
    return article


class Api:
    """The few calls that are needed, without generated stubs."""

    def __init__(self, address, messages):
        self.alert, self.archive, self.ingest = messages
        self.channel = grpc.insecure_channel(
            address, options=[("grpc.max_receive_message_length", 64 << 20)])

    def unary(self, method, request, response):
        call = self.channel.unary_unary(
            f"/tocsin.v1.{method}", request_serializer=type(request).SerializeToString,
            response_deserializer=response.FromString)
        return call(request, timeout=harness.TIMEOUT)

    def ingest_articles(self, requests):
        call = self.channel.stream_stream(
            "/tocsin.v1.IngestService/IngestArticles",
            request_serializer=self.ingest.IngestArticlesRequest.SerializeToString,
            response_deserializer=self.ingest.IngestArticlesResponse.FromString)
        return call(requests)

    def watch(self, token):
        request = self.alert.WatchAlertsRequest()
        if token:
            request.start.resume_token = token
        else:
            request.start.after_sequence = 0
        call = self.channel.unary_stream(
            "/tocsin.v1.AlertService/WatchAlerts",
            request_serializer=self.alert.WatchAlertsRequest.SerializeToString,
            response_deserializer=self.alert.WatchAlertsResponse.FromString)
        return call(request)

    def all_alerts(self):
        alerts, page = [], ""
        while True:
            answer = self.unary(
                "AlertService/ListAlerts",
                self.alert.ListAlertsRequest(page_size=1000, page_token=page, oldest_first=True),
                self.alert.ListAlertsResponse)
            alerts.extend(answer.alerts)
            page = answer.next_page_token
            if not page:
                return alerts

    def get_article(self, name):
        return self.unary("ArchiveService/GetArticle",
                          self.archive.GetArticleRequest(name=name), self.archive_article)

    @property
    def archive_article(self):
        from tocsin.v1 import article_pb2
        return article_pb2.Article


class Watcher:
    """Follows the alerts over restarts, as a desk does."""

    def __init__(self):
        self.token = ""
        self.sequences = []
        self.thread = None

    def follow(self, api):
        self.thread = threading.Thread(target=self._read, args=(api,))
        self.thread.start()

    def _read(self, api):
        try:
            for response in api.watch(self.token):
                self.sequences.extend(alert.sequence for alert in response.alerts)
                self.token = response.resume_token
        except grpc.RpcError:
            pass  # The daemon was killed.


class Sender:
    """Sends articles and notes each ack."""

    def __init__(self, articles):
        self.articles = articles
        self.acks = {}  # Index: (outcome, alert_count) of the first ack.
        self.rejected = []

    def send(self, api):
        """Until everything is acked or the daemon is gone."""
        waiting = [i for i in range(len(self.articles)) if i not in self.acks]
        sent = queue.Queue()

        def requests():
            for begin in range(0, len(waiting), BATCH):
                batch = waiting[begin:begin + BATCH]
                request = api.ingest.IngestArticlesRequest()
                for i in batch:
                    request.articles.add().CopyFrom(self.articles[i])
                    sent.put(i)
                yield request

        try:
            for response in api.ingest_articles(requests()):
                for result in response.results:
                    index = sent.get()
                    if result.outcome == api.ingest.IngestResult.REJECTED:
                        self.rejected.append((index, result.error.message))
                    else:
                        self.acks[index] = (result.outcome, result.alert_count)
        except grpc.RpcError:
            pass  # The daemon was killed.


def check(api, sender, watcher):
    """Counts of what was lost, duplicated, out of order, and other faults."""
    faults = collections.Counter()
    for index in sender.acks:
        want = sender.articles[index]
        try:
            got = api.get_article(f"sources/kill9/articles/{want.id}")
            faults["damaged"] += got.body != want.body
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.NOT_FOUND:
                raise
            faults["lost"] += 1

    alerts = api.all_alerts()
    numbers = [alert.sequence for alert in alerts]
    faults["out of order"] += sum(a >= b for a, b in zip(numbers, numbers[1:]))
    faults["holes"] += (numbers[-1] if numbers else 0) - len(set(numbers))
    subjects = collections.Counter()
    per_article = collections.Counter()
    for alert in alerts:
        per_article[alert.article] += 1
        what = alert.mention.entity.name or alert.mention.amount.SerializeToString(
            deterministic=True) + alert.mention.anchor.encode()
        subjects[alert.rule, alert.article, what] += 1
    faults["duplicated"] += sum(count - 1 for count in subjects.values())
    stored = api.ingest.IngestResult.STORED
    for index, (outcome, alert_count) in sender.acks.items():
        name = f"sources/kill9/articles/{sender.articles[index].id}"
        if outcome == stored and per_article[name] != alert_count:
            faults["lost" if per_article[name] < alert_count else "duplicated"] += 1
    missing = set(numbers) - set(watcher.sequences)
    faults["unwatched"] += len(missing)
    faults["duplicated"] += len(watcher.sequences) - len(set(watcher.sequences))
    faults["out of order"] += sum(a >= b for a, b in zip(watcher.sequences, watcher.sequences[1:]))
    return faults, len(alerts)


def run(arguments):
    chance = random.Random(arguments.seed)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="tocsin-kill9-"))
    daemon = harness.Daemon(folder, RULES)
    try:
        messages = load_messages(folder)
        sender = Sender([make_article(messages[2], i, arguments.seed)
                         for i in range(arguments.articles)])
        watcher = Watcher()
        cycles = 0
        # A cycle may end early with everything acked: then there is nothing left
        # to kill in the middle of.
        while cycles < arguments.cycles and len(sender.acks) < arguments.articles:
            daemon.start()
            api = Api(daemon.address, messages)
            watcher.follow(api)
            sending = threading.Thread(target=sender.send, args=(api,))
            before = len(sender.acks)
            sending.start()
            # Not before it is at work, so that each kill interrupts something.
            end = time.monotonic() + harness.TIMEOUT
            while sending.is_alive() and len(sender.acks) == before and time.monotonic() < end:
                time.sleep(0.001)
            sending.join(chance.uniform(0, arguments.seconds))
            daemon.kill()
            sending.join()
            watcher.thread.join()
            api.channel.close()
            cycles += 1

        daemon.start()
        api = Api(daemon.address, messages)
        watcher.follow(api)
        sender.send(api)
        last = api.all_alerts()
        last = last[-1].sequence if last else 0
        harness.wait_until(lambda: watcher.sequences and watcher.sequences[-1] >= last,
                           "the watcher to see the last alert")
        faults, alert_count = check(api, sender, watcher)
        daemon.kill()
        watcher.thread.join()
        faults["not acked"] += arguments.articles - len(sender.acks)
        for index, message in sender.rejected[:3]:
            print(f"rejected {index}: {message}", file=sys.stderr)

        print(f"seed {arguments.seed}: cycles {cycles}, acked {len(sender.acks)}, "
              f"alerts {alert_count}, lost {faults['lost']}, "
              f"duplicated {faults['duplicated']}, out of order {faults['out of order']}, "
              f"holes {faults['holes']}, damaged {faults['damaged']}, "
              f"unwatched {faults['unwatched']}, not acked {faults['not acked']}")
        return 0 if sum(faults.values()) == 0 and alert_count > 0 and cycles > 0 else 1
    finally:
        daemon.kill()
        if arguments.keep:
            print(f"kept {folder}", file=sys.stderr)
        else:
            shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--articles", type=int, default=20000)
    parser.add_argument("--cycles", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.5,
                        help="a daemon lives at most so long after its first ack")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    parser.add_argument("--keep", action="store_true", help="leave the data for a look")
    return run(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
