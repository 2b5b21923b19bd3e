#!/usr/bin/python3
"""Subscribes to alerts: every alert once, also across restarts.

  PYTHONPATH=stubs python3 watch.py [--server HOST:PORT] [--state FILE] [--filter FILTER]

Keeps its place in FILE. generate.sh makes the stubs.
"""
import argparse
import os
import sys
import time

import grpc
from tocsin.v1 import alert_service_pb2 as api
from tocsin.v1 import alert_service_pb2_grpc as rpc


# The daemon is away, or going: gRPC cancels a call that reaches a server which
# is stopping.
AWAY = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED)


def load(path):
    """The resume token that was saved last, or None."""
    try:
        with open(path) as file:
            return file.read().strip() or None
    except FileNotFoundError:
        return None


def save(path, token):
    """Replaces the file whole: it holds the old token or the new one."""
    with open(path + ".next", "w") as file:
        file.write(token)
        file.flush()
        os.fsync(file.fileno())
    os.replace(path + ".next", path)


def handle(alert):
    """What your service does with an alert."""
    what = alert.mention.surface or alert.headline
    print(f"{alert.sequence}\t{alert.rule}\t{what}\t{alert.article}", flush=True)


def watch(server, state, alert_filter):
    # The daemon is next door: no proxy.
    channel = grpc.insecure_channel(server, [("grpc.enable_http_proxy", 0)])
    alerts = rpc.AlertServiceStub(channel)
    pause = 0.2
    while True:
        token = load(state)
        # The first time everything, then what came after the token.
        start = api.StartPosition(resume_token=token) if token else api.StartPosition(oldest={})
        request = api.WatchAlertsRequest(start=start, filter=alert_filter)
        try:
            for response in alerts.WatchAlerts(request):
                for alert in response.alerts:
                    handle(alert)
                # After the work: a crash before this repeats it, none is lost.
                save(state, response.resume_token)
                pause = 0.2
        except grpc.RpcError as error:
            if error.code() not in AWAY:
                raise
            print(f"{error.details()}; again in {pause:.1f} s", file=sys.stderr)
            time.sleep(pause)
            pause = min(2 * pause, 10)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--server", default="127.0.0.1:7640")
    options.add_argument("--state", default="tocsin.token")
    options.add_argument("--filter", default="")
    chosen = options.parse_args()
    try:
        watch(chosen.server, chosen.state, chosen.filter)
    except KeyboardInterrupt:
        pass
