#!/usr/bin/env node
// Subscribes to alerts: every alert once, also across restarts.
//
//   npm install && node watch.js [SERVER] [STATE_FILE] [FILTER]
//
// Keeps its place in the state file.
'use strict';
const fs = require('fs');
const {connect, grpc} = require('./tocsin');

const [server = '127.0.0.1:7640', state = 'tocsin.token', filter = ''] = process.argv.slice(2);
const alerts = connect('AlertService', server);
// The daemon is away, or going: gRPC cancels a call that reaches a server which is stopping.
const AWAY = [grpc.status.UNAVAILABLE, grpc.status.CANCELLED];
let pause = 200;

// What your service does with an alert.
function handle(alert) {
  const what = (alert.mention && alert.mention.surface) || alert.headline;
  console.log([alert.sequence, alert.rule, what, alert.article].join('\t'));
}

// Replaces the file whole: it holds the old token or the new one.
function save(token) {
  const file = fs.openSync(`${state}.next`, 'w');
  fs.writeSync(file, token);
  fs.fsyncSync(file);
  fs.closeSync(file);
  fs.renameSync(`${state}.next`, state);
}

function watch() {
  const token = fs.existsSync(state) ? fs.readFileSync(state, 'utf8').trim() : '';
  // The first time everything, then what came after the token.
  const start = token ? {resumeToken: token} : {oldest: {}};
  const stream = alerts.watchAlerts({start, filter});
  stream.on('data', (response) => {
    response.alerts.forEach(handle);
    // After the work: a crash before this repeats it, none is lost.
    save(response.resumeToken);
    pause = 200;
  });
  stream.on('error', (error) => {
    console.error(error.details);
    if (!AWAY.includes(error.code)) process.exit(1);
    setTimeout(watch, pause);
    pause = Math.min(2 * pause, 10000);
  });
}

watch();
