import type { RequestEvent, ResolveOptions } from '@sveltejs/kit';
import { LIVE } from '$lib/components/hydration.ts';
import { KEPT } from '$lib/phone/kept-place.ts';

/**
 * Pages that are whole without a script: links, forms and menus are the browser's own. Theirs run at the first sign of a
 * hand, so that a phone draws the page, and answers, while it would otherwise take over what stands there already.
 */
const QUIET = new Set(['/(site)', '/(site)/events/[slug]']);
/** Needs its scripts at once, but a drawn page first: thirty files on their way kept the title from being seen. */
const DRAWN_FIRST = '/(site)/shows/[id]';

/** How Kit begins a page, in the script that it writes there: with its own two files. */
const BEGINS =
  /Promise\.all\(\[\s*(import\("[^"]+\/entry\/start\.[^"]+"\)),\s*(import\("[^"]+\/entry\/app\.[^"]+"\))\s*\]\)/;

type Chunk = NonNullable<ResolveOptions['transformPageChunk']>;

/** How a page is resolved whose scripts may wait; any other as always. */
export function lateScripts({ route }: RequestEvent, transform: (html: string) => string): ResolveOptions {
  const quiet = QUIET.has(route.id ?? '');
  if (!quiet && route.id !== DRAWN_FIRST) return { transformPageChunk: ({ html }) => transform(html) };
  const scripts: string[] = [];
  const transformPageChunk: Chunk = ({ html }) =>
    transform(html).replace(BEGINS, (_, start: string, app: string) => {
      const given = (quiet ? [scripts, LIVE, KEPT] : [scripts, KEPT_OF_TAB])
        .map((each) => JSON.stringify(each))
        .join(', ');
      const wait = (quiet ? atFirstHand : atFirstSight).toString();
      return `(${wait})(${given}).then(() => Promise.all([${start}, ${app}]))`;
    });
  return {
    preload({ type, path }) {
      if (type === 'js') scripts.push(path);
      return type === 'css';
    },
    transformPageChunk
  };
}

/**
 * Runs in the page, as text: resolves as soon as somebody lays a hand on it. Until then its scripts are fetched while the
 * browser has nothing else to do. A button that needs them and is pressed before they are there is pressed again then.
 */
function atFirstHand(scripts: string[], live: string, kept: string): Promise<void> {
  return new Promise((come) => {
    const signs = ['pointerover', 'pointerdown', 'touchstart', 'keydown', 'focusin', 'wheel'];
    let pressed: HTMLElement | null = null;
    const keep = ({ target }: Event) => {
      if (target instanceof Element) pressed = target.closest<HTMLElement>('button[type=button]');
    };
    const begin = () => {
      for (const sign of signs) removeEventListener(sign, begin, true);
      come();
    };
    for (const sign of signs) addEventListener(sign, begin, { capture: true, passive: true });
    addEventListener('click', keep, true);
    addEventListener(live, () => {
      removeEventListener('click', keep, true);
      pressed?.click();
    });
    const fetchAll = () => {
      for (const href of scripts) {
        document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href }));
      }
    };
    addEventListener('load', () =>
      'requestIdleCallback' in window ? requestIdleCallback(fetchAll) : setTimeout(fetchAll)
    );
    // Whose tickets are kept here may have changed.
    if ('caches' in window) void caches.has(kept).then((has) => has && begin());
  });
}

/** What Kit keeps of a tab, and reads when it begins. */
const KEPT_OF_TAB = ['sveltekit:scroll', 'sveltekit:snapshot'];

/**
 * Runs in the page, as text: resolves when its first frame is on the screen, and sends for its scripts. Where nothing is
 * drawn, at once; and where the first frame is long in coming (a window that opens) soon enough. In a new tab Kit runs into an
 * error over what it kept of it, and for an error's line the browser reads the whole file once more: so it finds nothing kept.
 */
function atFirstSight(scripts: string[], keptOfTab: string[]): Promise<void> {
  const SOON_MS = 250;
  return new Promise((come) => {
    let begun = false;
    const begin = () => {
      if (begun) return;
      begun = true;
      for (const href of scripts) {
        document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href }));
      }
      try {
        for (const name of keptOfTab) sessionStorage[name] ??= '{}';
      } catch {
        // A frame that may keep nothing.
      }
      come();
    };
    if (document.hidden) return begin();
    const first = new PerformanceObserver((seen) => {
      if (seen.getEntriesByName('first-contentful-paint').length > 0) begin();
    });
    first.observe({ type: 'paint', buffered: true });
    setTimeout(begin, SOON_MS);
  });
}
