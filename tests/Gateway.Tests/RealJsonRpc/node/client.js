// A JSON-RPC client of others: node client.js <library> <port>. Makes calls, and prints as JSON what came of them.
'use strict';
const net = require('net');

const count = 200;
const text = (at) => `${at}-größe-${'x'.repeat(at * 7 % 900)}`;
const outcome = (promise) => promise.then((result) => ({ result }), (error) => ({ code: error.code, message: error.message, data: error.data }));

async function common(call, notify) {
  const echoes = await Promise.all(Array.from({ length: count }, (_, at) => call('echo', [text(at)])));
  await notify('note', ['hello']);
  return {
    subtract: await outcome(call('subtract', [42, 23])),
    fail: await outcome(call('fail', [])),
    unknown: await outcome(call('no/such', [])),
    right: echoes.filter((echo, at) => echo === text(at)).length,
    count,
  };
}

const libraries = {
  // A connection for each request; its ids are strings.
  async jayson(port) {
    const client = require('jayson/promise').Client.tcp({ host: '127.0.0.1', port });
    const call = async (method, parameters) => {
      const response = await client.request(method, parameters);
      if (response.error) throw response.error;
      return response.result;
    };
    const seen = await common(call, (method, parameters) => client.request(method, parameters, null));
    const batch = [client.request('subtract', [5, 3], undefined, false), client.request('note', ['batched'], null, false), client.request('fail', [], undefined, false)];
    const answers = await client.request(batch);
    return { ...seen, batch: answers.map((answer) => answer.error ? answer.error.code : answer.result), sameIds: answers.length === 2 && answers[0].id === batch[0].id && answers[1].id === batch[2].id };
  },

  // One connection for all; its ids are numbers.
  async vscode(port) {
    const rpc = require('vscode-jsonrpc/node');
    const socket = await new Promise((resolve) => { const s = net.connect(port, '127.0.0.1', () => resolve(s)); });
    const connection = rpc.createMessageConnection(new rpc.StreamMessageReader(socket), new rpc.StreamMessageWriter(socket));
    connection.listen();
    const seen = await common((method, parameters) => connection.sendRequest(method, ...parameters), (method, parameters) => connection.sendNotification(method, ...parameters));
    connection.end();
    socket.destroy();
    return seen;
  },

  // Two connections, each with a server of its own that speaks without being asked, and asks in turn.
  async sessions(port) {
    const rpc = require('vscode-jsonrpc/node');
    const session = async (name) => {
      const socket = await new Promise((resolve) => { const s = net.connect(port, '127.0.0.1', () => resolve(s)); });
      const connection = rpc.createMessageConnection(new rpc.StreamMessageReader(socket), new rpc.StreamMessageWriter(socket));
      const news = [];
      connection.onNotification('news', (to, at) => { news.push(`${to} ${at}`); });
      connection.onRequest('ask', (about) => `${name} was asked about ${about}`);
      connection.listen();
      const answer = await connection.sendRequest('subscribe', name);
      const source = new rpc.CancellationTokenSource();
      connection.onNotification('begun', () => source.cancel());
      const cancelled = (await outcome(connection.sendRequest('slow', source.token))).code;
      connection.end();
      socket.destroy();
      return [answer, ...news, cancelled].join(', ');
    };
    return Promise.all(['one', 'other'].map(session));
  },
};

libraries[process.argv[2]](Number(process.argv[3])).then((seen) => console.log(JSON.stringify(seen)), (error) => { console.error(error); process.exit(1); });
