// Usage: node send.mjs URL KEY COUNT. Sends COUNT orders in each of the three modes of CloudEvents, then all of them
// again in another mode, and prints what the server answered as JSON: {mode: {accepted, duplicates, quarantined}}.
import { CloudEvent, CONSTANTS, HTTP, Mode, emitterFor, httpTransport } from "cloudevents";

const [url, key, count] = process.argv.slice(2);
const modes = ["structured", "binary", "batched"];
const sink = `${url}/v1/events?results=none`;
// The SDK's own transport sets no header, as a web hook's sender may not.
const transport = httpTransport(`${sink}&access_token=${key}`);
const emit = {
  structured: emitterFor(transport, { binding: HTTP, mode: Mode.STRUCTURED }),
  binary: emitterFor(transport, { binding: HTTP, mode: Mode.BINARY }),
};

const orders = Object.fromEntries(modes.map((mode) => [mode, ordersOf(mode)]));
const answers = {};
for (const mode of modes) answers[mode] = await send(mode, orders[mode]);
for (const [i, mode] of modes.entries()) {
  answers[`${mode}_again`] = await send(modes[(i + 1) % modes.length], orders[mode]);
}
console.log(JSON.stringify(answers));

function ordersOf(mode) {
  return Array.from({ length: Number(count) }, (_, i) => new CloudEvent({
    id: `${mode}-${i}`,
    source: "https://shop.example/till",
    type: "order.placed",
    subject: `/orders/${mode}-${i}`,
    customer: `ce-${mode}-${i % 10}`,
    time: "2026-01-05T10:00:00.000Z",
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    sampledrate: 3,
    data: { order_id: `${mode}-${i}`, currency: "EUR", amount_minor: 1000 + i, giftnote: "für Dich ☕" },
  }));
}

async function send(mode, events) {
  const sums = { accepted: 0, duplicates: 0, quarantined: 0 };
  const bodies = mode === "batched"
    ? [await post(events)]
    : await Promise.all(events.map(async (event) => (await emit[mode](event)).body));
  for (const body of bodies) {
    const answer = JSON.parse(body);
    if (!("accepted" in answer)) throw new Error(`${mode}: ${body}`);
    for (const name of Object.keys(sums)) sums[name] += answer[name];
  }
  return sums;
}

// The SDK reads batches and leaves writing them to its caller.
async function post(events) {
  const response = await fetch(sink, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": CONSTANTS.MIME_CE_BATCH },
    body: JSON.stringify(events),
  });
  return response.text();
}
