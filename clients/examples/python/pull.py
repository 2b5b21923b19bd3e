#!/usr/bin/python3
"""Pulls the alerts of a durable subscription: each until it is acked.

  PYTHONPATH=stubs python3 pull.py [--server HOST:PORT] [--filter FILTER] SUBSCRIPTION

Makes the subscription if there is none, from the oldest alert on. The daemon
keeps the place, so several of these share the work, and each may be killed at
any time. generate.sh makes the stubs.
"""
import argparse
import queue
import sys
import time

import grpc
from tocsin.v1 import alert_service_pb2 as api
from tocsin.v1 import alert_service_pb2_grpc as rpc


# The daemon is away, or going: gRPC cancels a call that reaches a server which
# is stopping.
AWAY = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED)


def handle(alert, attempt):
    """What your service does with an alert. After a crash it may come again, with
    an attempt above 1."""
    what = alert.mention.surface or alert.headline
    print(f"{alert.sequence}\t{alert.rule}\t{what}\t{alert.article}\t{attempt}", flush=True)


def create(alerts, name, alert_filter):
    subscription = api.Subscription(filter=alert_filter, max_attempts=5)
    try:
        alerts.CreateSubscription(api.CreateSubscriptionRequest(
            subscription_id=name, subscription=subscription,
            start=api.StartPosition(oldest={})))
    except grpc.RpcError as error:
        if error.code() != grpc.StatusCode.ALREADY_EXISTS:
            raise


def pull_once(alerts, name):
    requests = queue.Queue()
    # No more at once than one can handle before the ack deadline.
    requests.put(api.PullAlertsRequest(subscription=f"subscriptions/{name}", max_outstanding=100))
    try:
        for response in alerts.PullAlerts(iter(requests.get, None)):
            acks = api.PullAlertsRequest()
            for delivery in response.deliveries:
                verdict = api.PullAlertsRequest.Ack.ACK
                try:
                    handle(delivery.alert, delivery.attempt)
                except ValueError as error:  # It may work later, or with another.
                    print(f"alert {delivery.alert.sequence}: {error}", file=sys.stderr)
                    verdict = api.PullAlertsRequest.Ack.NACK
                acks.acks.add(ack_id=delivery.ack_id, verdict=verdict)
            if acks.acks:
                requests.put(acks)
    finally:
        requests.put(None)


def pull(server, name, alert_filter):
    # The daemon is next door: no proxy.
    channel = grpc.insecure_channel(server, [("grpc.enable_http_proxy", 0)])
    alerts = rpc.AlertServiceStub(channel)
    pause = 0.2
    while True:
        try:
            create(alerts, name, alert_filter)
            pause = 0.2
            pull_once(alerts, name)
        except grpc.RpcError as error:
            if error.code() not in AWAY:
                raise
            print(f"{error.details()}; again in {pause:.1f} s", file=sys.stderr)
            time.sleep(pause)
            pause = min(2 * pause, 10)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("subscription")
    options.add_argument("--server", default="127.0.0.1:7640")
    options.add_argument("--filter", default="")
    chosen = options.parse_args()
    try:
        pull(chosen.server, chosen.subscription, chosen.filter)
    except KeyboardInterrupt:
        pass
