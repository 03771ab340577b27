// A small HTTP load generator on plain sockets: it shares the machine with what it measures, so it does as little as it
// can. Each connection has one request under way; at the end every one that was sent is waited for, so that the count
// of accepted alerts is exact.
import { connect } from 'node:net';

const plan = JSON.parse(process.argv[2]);
const target = new URL(plan.url);
const fixedHeaders = [
  `POST ${target.pathname} HTTP/1.1`,
  `Host: ${target.host}`,
  'Content-Type: application/json',
  ...Object.entries(plan.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
].join('\r\n');
const END_OF_HEAD = '\r\n\r\n';

const latencies = [];
const statuses = new Map();
let sent = 0;
let errors = 0;
let open = 0;
const started = performance.now();
const until = started + plan.seconds * 1000;
let lastAnswer = started;

function nextRequest() {
  const number = sent;
  sent += 1;
  const labels = `"alertname":"HighRequestLatency","job":"${plan.job}","instance":"web-${number}:9100","severity":"critical","team":"shop"`;
  const annotations =
    '"summary":"99th percentile of request latency is above 1 s","description":"The value is 1.73 s, for 5 minutes"';
  const body = `[{"labels":{${labels}},"annotations":{${annotations}},"generatorURL":"http://prometheus:9090/graph?g0.expr=latency"}]`;
  return `${fixedHeaders}\r\nContent-Length: ${body.length}${END_OF_HEAD}${body}`;
}

function run() {
  const socket = connect({ host: target.hostname, port: Number(target.port), noDelay: true });
  let sentAt = 0;
  let answer = '';
  let waiting = false;
  open += 1;
  const send = () => {
    if (performance.now() >= until) {
      socket.end();
      return;
    }
    answer = '';
    waiting = true;
    sentAt = performance.now();
    socket.write(nextRequest());
  };
  socket.setEncoding('latin1');
  socket.on('connect', send);
  socket.on('data', (chunk) => {
    answer = answer === '' ? chunk : answer + chunk;
    const head = answer.indexOf(END_OF_HEAD);
    if (head === -1) return;
    const length = /content-length: *(\d+)/i.exec(answer.slice(0, head))?.[1] ?? '0';
    if (answer.length < head + END_OF_HEAD.length + Number(length)) return;
    lastAnswer = performance.now();
    latencies.push(lastAnswer - sentAt);
    const status = answer.slice(9, 12);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    waiting = false;
    send();
  });
  socket.on('error', () => {
    errors += 1;
    waiting = false;
  });
  socket.on('close', () => {
    if (waiting) errors += 1;
    open -= 1;
    if (open === 0) report();
  });
}

function report() {
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  let ok = 0;
  for (const [status, count] of statuses) if (status.startsWith('2')) ok += count;
  const seconds = (lastAnswer - started) / 1000;
  const result = {
    sent,
    ok,
    refused: latencies.length - ok,
    errors,
    seconds,
    rate: ok / seconds,
    p50: at(0.5),
    p99: at(0.99),
    max: latencies.at(-1) ?? 0,
    statuses: Object.fromEntries(statuses),
  };
  process.stdout.write(JSON.stringify(result));
}

for (let connection = 0; connection < plan.connections; connection += 1) run();
