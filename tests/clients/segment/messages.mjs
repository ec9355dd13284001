// The same mixed traffic for each client. Arguments: base address, number of events, prefix of ids.
export const [base, count, prefix] = [process.argv[2], Number(process.argv[3]), process.argv[4]];

const customers = 250;

/** Hands each call to the client: visits, product views, profiles, and every fourth an order with lines. */
export function call(client, i) {
  const message = { userId: `${prefix}-${i % customers}`, messageId: `${prefix}-${i}` };
  switch (i % 4) {
    case 0:
      return client.track({
        ...message,
        event: 'Order Completed',
        properties: {
          order_id: `${prefix}-order-${i}`, total: 30.000000000000004, tax: '4.79', currency: 'EUR',
          products: [{ product_id: i, category: 'tea', quantity: 2, price: 15, name: 'Sencha' }],
        },
      });
    case 1:
      return client.identify({ ...message, traits: { email: `${i}@shop.example`, plan: 'free' } });
    case 2:
      return client.page({ ...message, name: 'Home', properties: { path: `/${i}` } });
    default:
      return client.track({ ...message, event: 'Product Viewed', properties: { sku: `sku-${i}`, category: 'tea' } });
  }
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** One line of JSON for whoever started this. */
export const report = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
