import { expect, it } from 'vitest';
import { startApi } from './api-server.ts';
import { makeConfig } from './stack.ts';

it.each([
  ['development', 200],
  ['production', 404]
])('the page of mails and their templates answers in %s with %i', async (MODE, status) => {
  const running = await startApi(await makeConfig({ MODE, ORIGIN: 'http://127.0.0.1:0' }));
  try {
    const open = (path: string) => fetch(`${running.url}${path}`, { headers: { accept: 'text/html' } });
    for (const path of ['/dev/mail', '/dev/mail?template=moved']) expect((await open(path)).status).toBe(status);
    const data = await (await open('/dev/mail/__data.json')).text();
    expect(data.includes('confirmation-again')).toBe(status === 200);
    expect((await open('/sign-in')).status).toBe(200);
  } finally {
    await running.close();
  }
});
