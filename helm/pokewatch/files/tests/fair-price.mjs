// Asks the gateway for the fair price of a card, as a caller would, and ends with 1 when the answer is not one. Where keys are asked
// for and none is at hand, it makes sure that it is asked for one, and that the services are well.
const gateway = process.env.GATEWAY;
const key = process.env.API_KEYS?.split(',')[0]?.trim();

async function ask(method, path, expected, body) {
  const headers = { 'content-type': 'application/json', ...(key ? { 'x-api-key': key } : {}) };
  const answer = await fetch(gateway + path, { method, headers, body, signal: AbortSignal.timeout(10_000) });
  const text = await answer.text();
  if (answer.status !== expected) throw new Error(`${method} ${path} was answered with ${answer.status}: ${text}`);
  return JSON.parse(text);
}

async function askForPrice() {
  const { cards, count } = await ask('GET', '/cards', 200);
  const card_id = process.env.CARD || cards[0];
  const price = await ask('POST', '/fair_price', 200, JSON.stringify({ card_id }));
  if (price.card_id !== card_id || !(price.fair_price > 0) || !['BUY', 'SELL', 'HOLD'].includes(price.signal))
    throw new Error(`the answer for ${card_id} is no fair price: ${JSON.stringify(price)}`);
  console.log(`${card_id}: market ${price.market_price}, fair ${price.fair_price}, ${price.signal}; ${count} cards`);
}

// Where keys are asked for since this upgrade, a pod of before it may get the first questions.
async function askWithoutKey() {
  for (let left = 10; ; left--) {
    try {
      return await beAskedForKey();
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

async function beAskedForKey() {
  await ask('POST', '/fair_price', 401, JSON.stringify({ card_id: process.env.CARD || 'any' }));
  const { status, cards_count } = await ask('GET', '/health', 200);
  if (status !== 'ok' || process.env.CARD) throw new Error(`the services are ${status}`);
  console.log(`a key is asked for; ${cards_count} cards`);
}

try {
  await (process.env.AUTH && !key ? askWithoutKey() : askForPrice());
} catch (error) {
  console.error(error.cause ?? error);
  process.exitCode = 1;
}
