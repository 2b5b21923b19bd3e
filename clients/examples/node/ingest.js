#!/usr/bin/env node
// Sends articles, a JSON object a line on standard input, and prints what became of each.
//
//   npm install && node ingest.js [SERVER] < articles.jsonl
'use strict';
const readline = require('readline');
const {connect} = require('./tocsin');

const BATCH = 256;  // A message takes no more.

const server = process.argv[2] || '127.0.0.1:7640';
const stream = connect('IngestService', server).ingestArticles();

// A result for each article, in order. What is acked is on disk.
stream.on('data', (response) => {
  for (const result of response.results) {
    if (result.outcome === 'REJECTED') process.exitCode = 1;
    console.log([result.outcome, result.article || result.error.message].join('\t'));
  }
});
stream.on('error', (error) => {
  console.error(error.details);
  process.exit(1);
});

// Waits where the daemon is slower than the input.
async function send(articles) {
  if (!stream.write({articles})) await new Promise((go) => stream.once('drain', go));
}

async function main() {
  let articles = [];
  for await (const line of readline.createInterface({input: process.stdin})) {
    articles.push(JSON.parse(line));
    if (articles.length === BATCH) {
      await send(articles);
      articles = [];
    }
  }
  if (articles.length > 0) await send(articles);
  stream.end();
}

main();
