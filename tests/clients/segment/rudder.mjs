import Analytics from '@rudderstack/rudder-sdk-node';
import { base, call, count, report, sleep } from './messages.mjs';

// The client gives a batch up after three quick tries by default: a second and a half. A user who expects restarts
// raises retryCount (it waits 0.2 s, 0.4 s, 0.8 s ... between tries).
const failures = [];
const options = { dataPlaneUrl: base, flushAt: 100, flushInterval: 500, retryCount: 8, logLevel: 'none' };
const analytics = new Analytics('dev', { ...options, errorHandler: (error) => failures.push(error.message) });

let requests = 0;
analytics.axiosInstance.interceptors.request.use((config) => {
  requests++;
  return config;
});
let delivered = 0;
for (let i = 0; i < count; i++) {
  call({
    track: (message) => analytics.track(message, done),
    identify: (message) => analytics.identify(message, done),
    page: (message) => analytics.page(message, done),
  }, i);
  if (i % 100 === 99) await sleep(Math.max(1, 300_000 / count));
}

const deadline = Date.now() + 120_000;
while (delivered + failures.length * 100 < count && Date.now() < deadline) {
  await analytics.flush();
  await sleep(20);
}

report({ client: 'rudder', requests, retries: requests - Math.ceil(count / 100), failed: failures.length });
process.exit(0);

function done(error) {
  if (!error) delivered++;
}
