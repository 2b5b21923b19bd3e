"""Consumers of a durable subscription that ack, nack, dawdle and die at random.

A Puller is a listener for a World: several consumers share one subscription,
over any number of deaths of theirs and of the daemon. What it saw is checked by
check():

  at least once       every alert of the log that matches was delivered
  acked stays acked   nothing is delivered once its ack was confirmed
  ordered             an alert comes only after those before it of the same rule
                      and key were acked

A delivery may have been on its way while another consumer acked that alert. So
only those count as redelivered that came by the call which confirmed the ack, or
by one that began after it was confirmed.
"""
import collections
import queue
import random
import sys
import threading

import grpc
import validators
import world

ACK_DEADLINE = 1  # Seconds: what is neither acked nor nacked comes again.


class Puller:
    def __init__(self, seed, name="desk", consumers=3, ordered=False, filter="",
                 wanted=lambda alert: True, max_attempts=0):
        self.name, self.ordered, self.wanted = f"subscriptions/{name}", ordered, wanted
        self.request = world.ALERT.CreateSubscriptionRequest(subscription_id=name)
        self.request.start.after_sequence = 0
        subscription = self.request.subscription
        subscription.filter, subscription.ordered = filter, ordered
        subscription.max_outstanding, subscription.max_attempts = 200, max_attempts
        subscription.ack_deadline.seconds = ACK_DEADLINE
        self.lock = threading.Lock()
        self.deliveries = []  # As validators.pull() wants them.
        self.confirmed = {}   # Sequence: (when, the call that was told).
        self.ack_sent = set()
        self.keys = collections.defaultdict(set)  # Rule and key: sequences delivered.
        self.early = 0        # Deliveries before their turn.
        self.clock = 0
        self.address = None
        self.consumers = [Consumer(self, random.Random(f"{seed}/{name}/{i}"))
                          for i in range(consumers)]

    # What a World asks of a listener.

    @property
    def thread(self):
        return self.consumers[0].thread

    @property
    def failure(self):
        return next((c.failure for c in self.consumers if c.failure), None)

    def start(self, address):
        self.address = address
        for consumer in self.consumers:
            consumer.start(address)

    def stop(self):
        for consumer in self.consumers:
            consumer.stop()

    def reached(self, sequence):
        """Whether everything up to there is acked."""
        if self.failure is not None:
            return True
        api = world.Api(self.address)
        try:
            got = api.unary("AlertService/GetSubscription",
                            world.ALERT.GetSubscriptionRequest(name=self.name),
                            world.ALERT.Subscription)
            return got.lag == 0 and api.last_sequence() >= sequence
        except grpc.RpcError:
            return False
        finally:
            api.close()

    def check(self, alerts):
        with self.lock:
            faults = validators.pull(alerts, self.deliveries, self.wanted)
            faults["out of order"] += self.early
        if self.failure is not None:
            faults["not resumed"] += 1
            print(f"a consumer was refused: {self.failure}", file=sys.stderr)
        return faults

    # Of the subscription.

    def create(self, api):
        try:
            api.unary("AlertService/CreateSubscription", self.request, world.ALERT.Subscription)
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.ALREADY_EXISTS:
                raise

    # What consumers report.

    def now(self):
        with self.lock:
            self.clock += 1
            return self.clock

    def delivered(self, call, began, delivery):
        alert = delivery.alert
        sequence = alert.sequence
        with self.lock:
            when, told = self.confirmed.get(sequence, (None, None))
            if when is not None and when > began and told is not call:
                return  # It was on its way.
            self.deliveries.append((sequence, world.digest(alert)))
            if self.ordered:
                seen = self.keys[key_of(world.logged(alert))]
                self.early += any(s > sequence or s not in self.ack_sent
                                  for s in seen if s != sequence)
                seen.add(sequence)

    def acked(self, sequences):
        with self.lock:
            self.ack_sent.update(sequences)

    def confirm(self, call, sequence):
        with self.lock:
            self.clock += 1
            self.confirmed.setdefault(sequence, (self.clock, call))
            self.deliveries.append((sequence, None))


def key_of(alert):
    return alert.rule, alert.subject or alert.article


class Consumer(world.Follower):
    """One of them: acks most, nacks some, keeps some until they come again."""

    def __init__(self, puller, chance):
        super().__init__()
        self.puller, self.chance = puller, chance

    def once(self):
        puller, chance = self.puller, self.chance
        puller.create(self.api)
        requests = queue.Queue()
        requests.put(world.ALERT.PullAlertsRequest(
            subscription=puller.name, max_outstanding=chance.choice((0, 1, 5, 50))))
        began = puller.now()
        self.call = self.api.pull(iter(requests.get, None))
        sequence_of = {}
        # It dies after a while, so that others inherit.
        left = chance.randrange(1, 200)
        try:
            for response in self.call:
                for ack_id in response.confirmed_ack_ids:
                    puller.confirm(self.call, sequence_of[ack_id])
                for delivery in response.deliveries:
                    sequence_of[delivery.ack_id] = delivery.alert.sequence
                    puller.delivered(self.call, began, delivery)
                left -= 1
                if left == 0 or self.stopping.is_set():
                    self.call.cancel()
                    return
                answer = self.answer(response.deliveries)
                if answer is not None:
                    requests.put(answer)
        finally:
            requests.put(None)

    def answer(self, deliveries):
        request = world.ALERT.PullAlertsRequest()
        acked = []
        for delivery in deliveries:
            dice = self.chance.random()
            if dice < 0.03:
                continue  # Comes again by itself.
            ack = request.acks.add(ack_id=delivery.ack_id)
            if dice < 0.1:
                ack.verdict = ack.NACK
                ack.delay.nanos = self.chance.randrange(50) * 1_000_000
            elif dice < 0.12:
                ack.verdict = ack.EXTEND
                ack.delay.nanos = 200_000_000
            else:
                ack.verdict = ack.ACK
                acked.append(delivery.alert.sequence)
        # Said to be sent before it is: nobody may see its effect earlier.
        self.puller.acked(acked)
        return request if request.acks else None
