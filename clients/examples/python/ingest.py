#!/usr/bin/python3
"""Sends articles, a JSON object a line on standard input, and prints what became of each.

  PYTHONPATH=stubs python3 ingest.py [--server HOST:PORT] < articles.jsonl

generate.sh makes the stubs.
"""
import argparse
import sys

import grpc
from google.protobuf import json_format
from tocsin.v1 import article_pb2
from tocsin.v1 import ingest_service_pb2 as api
from tocsin.v1 import ingest_service_pb2_grpc as rpc

BATCH = 256  # A message takes no more.


def requests(lines):
    articles = []
    for line in lines:
        articles.append(json_format.Parse(line, article_pb2.Article()))
        if len(articles) == BATCH:
            yield api.IngestArticlesRequest(articles=articles)
            articles = []
    if articles:
        yield api.IngestArticlesRequest(articles=articles)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--server", default="127.0.0.1:7640")
    server = options.parse_args().server
    # The daemon is next door: no proxy.
    channel = grpc.insecure_channel(server, [("grpc.enable_http_proxy", 0)])
    rejected = 0
    # A result for each article, in order. What is acked is on disk.
    for response in rpc.IngestServiceStub(channel).IngestArticles(requests(sys.stdin)):
        for result in response.results:
            outcome = api.IngestResult.Outcome.Name(result.outcome)
            rejected += outcome == "REJECTED"
            print(outcome, result.article or result.error.message, sep="\t")
    return 1 if rejected else 0


if __name__ == "__main__":
    sys.exit(main())
