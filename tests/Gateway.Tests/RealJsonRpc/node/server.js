// A JSON-RPC server of others, jayson's or vscode-jsonrpc's: node server.js <library>. Prints its port, then each notification and each connection.
'use strict';
const net = require('net');

const tell = (...words) => console.log(words.join(' '));
const slowly = (value, ms) => new Promise((resolve) => setTimeout(() => resolve(value), ms));

// Answers overtake one another.
const echo = (text) => slowly(text, Math.random() * 20);

const libraries = {
  jayson() {
    const jayson = require('jayson/promise');
    const server = new jayson.Server({
      subtract: ([a, b]) => Promise.resolve(a - b),
      echo: ([text]) => echo(text),
      fail: () => Promise.reject({ code: -32050, message: 'as asked', data: { id: 'not an id', deep: [1, null] } }),
      note: ([text]) => { tell('note', text); return Promise.resolve(null); },
    });
    return server.tcp();
  },

  vscode() {
    const rpc = require('vscode-jsonrpc/node');
    return net.createServer((socket) => {
      const connection = rpc.createMessageConnection(new rpc.StreamMessageReader(socket), new rpc.StreamMessageWriter(socket));
      connection.onRequest('subtract', (a, b) => a - b);
      connection.onRequest('echo', (text) => echo(text));
      connection.onRequest('fail', () => { throw new rpc.ResponseError(-32050, 'as asked', { id: 'not an id', deep: [1, null] }); });
      connection.onNotification('note', (text) => { tell('note', text); connection.sendNotification('heard', text); });
      connection.onRequest('subscribe', (name) => {
        for (let at = 0; at < 3; at++) connection.sendNotification('news', name, at);
        return connection.sendRequest('ask', name);
      });
      connection.onRequest('slow', (token) => new Promise((_, reject) => {
        token.onCancellationRequested(() => reject(new rpc.ResponseError(-32800, 'cancelled')));
        connection.sendNotification('begun');
      }));
      connection.onError(() => {});
      connection.listen();
    });
  },
};

const server = libraries[process.argv[2]]();
server.on('connection', () => tell('connection'));
server.listen(0, '127.0.0.1', () => tell('listening', server.address().port));
process.stdin.on('end', () => process.exit(0)).resume();
