// Loads the API's protos; no code is generated.
'use strict';
const path = require('path');
const grpc = require('@grpc/grpc-js');
const protoLoader = require('@grpc/proto-loader');

const PROTO = process.env.TOCSIN_PROTO || path.join(__dirname, '../../../proto');

// The services of tocsin.v1: new (load().AlertService)(server, credentials).
function load() {
  const files = ['alert_service', 'archive_service', 'ingest_service', 'rule_service'];
  const definition = protoLoader.loadSync(
      files.map((file) => `tocsin/v1/${file}.proto`),
      {includeDirs: [PROTO], longs: String, enums: String, defaults: true, oneofs: true});
  return grpc.loadPackageDefinition(definition).tocsin.v1;
}

// A client of a service. The daemon is next door: no proxy.
function connect(service, server) {
  const Client = load()[service];
  return new Client(server, grpc.credentials.createInsecure(), {'grpc.enable_http_proxy': 0});
}

module.exports = {connect, grpc};
