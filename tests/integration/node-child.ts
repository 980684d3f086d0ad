import { loadConfig } from '../../server/config.ts';
import { startServer } from '../../server/serve.ts';
import { noPages } from './visitors.ts';

/**
 * A node as a process of its own, so that its memory can be measured. Says {url}, and {memory, watching, setAside} when asked,
 * after as many notices to everyone who watches the show as it is told to send.
 */
const config = loadConfig();
const running = await startServer(config, noPages);
const say = (message: object) => process.send?.(message);

process.on('message', ({ show, notices }: { show: string; notices: number }) => {
  void (async () => {
    for (let n = 0; n < notices; n++) await running.app.live.notice(show, 'Doors open at seven. '.repeat(20), 'info');
    const { body } = await running.app.metrics.text();
    const [, setAside = '0'] = /slow_consumer_total\{action="set_aside"\} (\d+)/.exec(body) ?? [];
    const watching = running.app.live.viewers(show);
    say({ memory: process.memoryUsage().rss, watching, setAside: Number(setAside) });
  })();
});
process.on('disconnect', () => void running.close().then(() => process.exit(0)));
say({ url: running.url });
