// Buyers and watchers for k6, against the contract at /api/v1/openapi.json and /api/v1/asyncapi.json:
//   k6 run -e TARGET=http://localhost:3000 tests/load/recipes/k6.js
// Only hosts that you own. What was sold twice, if anything, `npm run audit` tells; k6 cannot.
import http from 'k6/http';
import ws from 'k6/ws';
import { check, sleep } from 'k6';

const TARGET = __ENV.TARGET || 'http://localhost:3000';
const API = `${TARGET}/api/v1`;
// SEAT_TAKEN and the other refusals are answers, no failures.
http.setResponseCallback(http.expectedStatuses({ min: 200, max: 299 }, 304, 409, 410));

export const options = {
  scenarios: {
    buyers: {
      executor: 'ramping-arrival-rate',
      exec: 'buy',
      startRate: 2,
      preAllocatedVUs: 100,
      stages: [
        { target: 20, duration: '10s' },
        { target: 20, duration: '20s' }
      ]
    },
    watchers: { executor: 'constant-vus', exec: 'watch', vus: 20, duration: '30s' }
  },
  thresholds: { http_req_failed: ['rate<0.001'], http_req_duration: ['p(99)<1000'], checks: ['rate>0.999'] }
};

/** Once: the show that everybody comes for. */
export const setup = () => ({ showId: http.get(`${API}/events?limit=1`).json('items.0.nextShow.id') });

/** A guest holds two seats, looks at them and gives them back. */
export function buy({ showId }) {
  const buyer = { 'x-buyer-token': http.post(`${API}/buyers`).json('token') };
  const key = `${__VU}-${__ITER}-${Date.now()}`;
  const headers = { ...buyer, 'content-type': 'application/json', 'idempotency-key': key };
  const hold = http.post(`${API}/shows/${showId}/holds`, JSON.stringify({ best: { count: 2 } }), { headers });
  check(hold, { 'held, or told why not': ({ status }) => status === 201 || status === 409 });
  sleep(1);
  check(http.get(`${API}/shows/${showId}/seats`), { 'sees the map': ({ status }) => status === 200 });
  if (hold.status === 201) http.del(`${API}/holds/${hold.json('hold.id')}`, null, { headers: buyer });
}

/** A visitor watches the seats. Socket.IO's own framing: 0 opens, 40 connects, 42 says, 43 answers, 2 and 3 keep alive. */
export function watch({ showId }) {
  const url = `${TARGET.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`;
  let answered = false;
  ws.connect(url, { headers: { origin: TARGET } }, (socket) => {
    socket.on('message', (frame) => {
      if (frame.startsWith('0')) socket.send('40');
      else if (frame.startsWith('40')) socket.send(`420${JSON.stringify(['show:watch', { showId }])}`);
      else if (frame === '2') socket.send('3');
      // The map is a binary frame of its own, so the answer is 46…
      else if (/^4[36]/.test(frame)) answered = frame.includes('"ok":true');
    });
    socket.setTimeout(() => socket.close(), 10_000);
  });
  check(answered, { 'watches the show': (ok) => ok });
}
