import { Analytics } from '@segment/analytics-node';
import { base, call, count, report, sleep } from './messages.mjs';

// What a user sets: where to send, and how many events one request has. Retries are the client's own (10 by default).
const analytics = new Analytics({ writeKey: 'dev', host: base, flushAt: 100, flushInterval: 500 });

let [requests, retries, failed] = [0, 0, 0];
analytics.on('http_request', ({ headers }) => {
  requests++;
  if (headers['X-Retry-Count']) retries++;
});
analytics.on('error', () => failed++);
for (let i = 0; i < count; i++) {
  call(analytics, i);
  // As fast as a busy service: without a pause all would be one burst that a single outage covers.
  if (i % 100 === 99) await sleep(Math.max(1, 300_000 / count));
}

await analytics.closeAndFlush({ timeout: 120_000 });
report({ client: 'segment', requests, retries, failed });
