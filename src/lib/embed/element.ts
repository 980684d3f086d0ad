import type * as Embed from '#domain/embed.ts';

/**
 * `<fullhouse-map show="…">`, for pages of other sites. It is served as /embed.js, by itself: it needs nothing, knows
 * nothing of the visitor, and gives the page nothing but events. The map is a frame of the site that this script came
 * from; seats are chosen there, and paid for on that site alone.
 *
 * Attributes: `show` (its id), `theme` (auto, dark, light), `checkout` (same-tab, new-tab), `label` (what screen readers
 * call the frame), `lang` (en, de, es, hi; without it that of the page around it). Events, which bubble: `fullhouse:ready`, `fullhouse:selection`, `fullhouse:expired`,
 * `fullhouse:sold-out`, `fullhouse:checkout`, `fullhouse:error`. What stands inside the element is shown where the map
 * cannot be.
 */
const HELLO: typeof Embed.HELLO = 'fullhouse:hello';
const CONNECT: typeof Embed.CONNECT = 'fullhouse:connect';
/** A frame that is loaded and still has said nothing (ms): the browser did not let it stand here. */
const SILENT_MS = 6000;

const script = document.currentScript ?? document.querySelector('script[src$="/embed.js"]');
const HOME = script instanceof HTMLScriptElement ? new URL(script.src, location.href).origin : location.origin;

/** What the element says itself, before and without the frame; the frame has its own words. By hand: this file stands alone. */
const WORDS: Readonly<Record<string, { label: string; cannot: string; onSite: (site: string) => string }>> = {
  en: {
    label: 'Choose your seats',
    cannot: 'The seat map cannot be shown on this page.',
    onSite: (site) => `Choose seats on ${site}`
  },
  de: {
    label: 'Wählen Sie Ihre Plätze',
    cannot: 'Der Saalplan kann auf dieser Seite nicht gezeigt werden.',
    onSite: (site) => `Plätze auf ${site} wählen`
  },
  es: {
    label: 'Elija sus butacas',
    cannot: 'El plano de butacas no se puede mostrar en esta página.',
    onSite: (site) => `Elegir butacas en ${site}`
  },
  hi: {
    label: 'अपनी सीटें चुनें',
    cannot: 'सीटों का नक़्शा इस पेज पर नहीं दिखाया जा सकता।',
    onSite: (site) => `${site} पर सीटें चुनें`
  }
};

const LOOKS = `
  :host { display: block; position: relative; block-size: clamp(560px, 85vh, 800px); overflow: hidden; }
  :host([hidden]) { display: none; }
  iframe { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; border: 0; color-scheme: normal; }
  iframe.silent { visibility: hidden; }
  div { position: absolute; inset: 0; display: grid; place-content: center; justify-items: center; gap: 16px;
    padding: 24px; text-align: center; font: inherit; }
  div[hidden] { display: none; }
  a { color: inherit; }
`;

class FullhouseMap extends HTMLElement {
  static readonly observedAttributes = ['show', 'theme', 'checkout', 'label', 'lang'];

  /** The seats that the visitor holds now, as the last `fullhouse:selection` said. */
  selection: Embed.Selection | null = null;
  readonly #frame = document.createElement('iframe');
  readonly #note = document.createElement('div');
  readonly #words = document.createElement('slot');
  readonly #link = document.createElement('a');
  #port: MessagePort | null = null;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    const shadow = this.attachShadow({ mode: 'open' });
    // A site may forbid styles in its pages; these are made by the script that it allowed.
    const looks = new CSSStyleSheet();
    looks.replaceSync(LOOKS);
    shadow.adoptedStyleSheets = [looks];
    this.#frame.loading = 'lazy';
    this.#frame.addEventListener('load', () => this.#loaded());
    this.#link.target = '_top';
    this.#note.append(this.#words, this.#link);
    this.#note.setAttribute('role', 'status');
    this.#note.hidden = true;
    shadow.append(this.#frame, this.#note);
  }

  connectedCallback() {
    addEventListener('message', this.#meet);
    this.#open();
  }

  disconnectedCallback() {
    removeEventListener('message', this.#meet);
    clearTimeout(this.#silence);
    this.#port?.close();
    this.#port = null;
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null) {
    if (!this.isConnected || before === now) return;
    if (name === 'label') this.#frame.title = this.#label;
    else if (name === 'theme') this.#port?.postMessage({ theme: now ?? 'auto' });
    else this.#open();
  }

  get #show(): string {
    return this.getAttribute('show') ?? '';
  }

  get #label(): string {
    return this.getAttribute('label') ?? (WORDS[this.#language] ?? WORDS['en'])?.label ?? '';
  }

  /** Its own, or that of the part of the page that it stands in; '' where nobody says: then the visitor's browser does. */
  get #language(): string {
    const named = this.closest('[lang]')?.getAttribute('lang') ?? '';
    const language = named.toLowerCase().split('-')[0] ?? '';
    return Object.hasOwn(WORDS, language) ? language : '';
  }

  #open() {
    this.#port?.close();
    this.#port = null;
    this.#choose(null);
    this.#silent(false);
    const words = WORDS[this.#language] ?? WORDS['en'];
    this.#words.textContent = words?.cannot ?? '';
    this.#link.textContent = words?.onSite(new URL(HOME).host) ?? '';
    if (!/^[0-9a-z]{12}$/.test(this.#show))
      return this.#refuse('INVALID', 'The attribute "show" is not the id of a show.');
    const wish = new URLSearchParams();
    for (const name of ['theme', 'checkout']) wish.set(name, this.getAttribute(name) ?? '');
    if (this.#language !== '') wish.set('lang', this.#language);
    this.#link.href = `${HOME}/shows/${this.#show}`;
    this.#frame.title = this.#label;
    this.#frame.src = `${HOME}/embed/shows/${this.#show}?${wish.toString()}`;
  }

  /** A frame that the browser refuses is loaded too; it only never speaks. */
  #loaded() {
    clearTimeout(this.#silence);
    if (this.#port || !this.#frame.src) return;
    const words = `${location.origin} is not on the list of sites that may show this seat map, or the map cannot be reached.`;
    this.#silence = setTimeout(() => this.#refuse('NOT_SHOWN', words), SILENT_MS);
  }

  readonly #meet = ({ origin, source, data }: MessageEvent<unknown>) => {
    const frame = this.#frame.contentWindow;
    if (origin !== HOME || frame === null || source !== frame) return;
    if (typeof data !== 'object' || data === null || !('type' in data) || data.type !== HELLO) return;
    clearTimeout(this.#silence);
    this.#silent(false);
    this.#port?.close();
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    // The frame has checked that we may hear it, and we that it is our script's own site.
    port1.onmessage = ({ data }: MessageEvent<Embed.EmbedEvent>) => this.#tell(data);
    frame.postMessage({ type: CONNECT }, HOME, [port2]);
  };

  #tell(event: Embed.EmbedEvent) {
    if (event.type === 'selection') this.selection = event.detail;
    const { type, detail } = event;
    this.dispatchEvent(new CustomEvent(`fullhouse:${type}`, { detail, bubbles: true, composed: true }));
  }

  #choose(selection: Embed.Selection | null) {
    if (this.selection !== null && selection === null) this.#tell({ type: 'selection', detail: null });
    this.selection = selection;
  }

  #silent(silent: boolean) {
    this.#note.hidden = !silent;
    this.#frame.classList.toggle('silent', silent);
  }

  #refuse(code: string, message: string) {
    this.#link.hidden = code === 'INVALID';
    this.#silent(true);
    this.#tell({ type: 'error', detail: { show: this.#show, code, message } });
  }
}

if (!customElements.get('fullhouse-map')) customElements.define('fullhouse-map', FullhouseMap);
