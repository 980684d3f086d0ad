import * as m from '#domain/messages/compiled/check_in.js';
import { listedAs, type Admission, type CheckInCounts, type GateTicket, type Merged } from '#domain/check-in.ts';
import { dateFormat } from '#domain/formats.ts';
import { currentLocale } from '#domain/language.ts';
import { readShortCode } from '#domain/short-code.ts';
import { connected, type ShowSocket } from '$lib/seatmap/wire.ts';
import { ask, type Said } from './ask.ts';
import type { Signal } from './signals.ts';
import { openGateStore, type GateStore, type Listed, type Waiting } from './store.ts';

/** What the screen shows large after each code. */
export interface Answer {
  kind: Signal;
  headline: string;
  words: string;
  ticket?: { label: string; attendee: string; n?: number; of?: number };
  /** The ticket whose admission can be taken back. */
  undo?: string;
  offline?: true;
}

/** The list is taken anew so often (ms), and what waits is tried again. */
const LIST_EVERY_MS = 300_000;
const MERGE_EVERY_MS = 10_000;

/** One gate of a show: asks the server; without a network its own list, and merges later. */
export class Gate {
  answer = $state<Answer | null>(null);
  counts = $state<CheckInCounts>({ admitted: 0, expected: 0 });
  online = $state(true);
  waiting = $state<Waiting[]>([]);
  conflicts = $state<Merged[]>([]);
  /** Tickets on the list that was taken along; null: there is none. */
  listed = $state<number | null>(null);
  readonly #show: string;
  readonly #gateName: () => string;
  readonly #told: (kind: Signal) => void;
  #store: GateStore | null = null;
  #turn: Promise<void> = Promise.resolve();

  constructor(show: string, counts: CheckInCounts, gateName: () => string, told: (kind: Signal) => void) {
    this.#show = show;
    this.counts = counts;
    this.#gateName = gateName;
    this.#told = told;
  }

  #listen(socket: ShowSocket) {
    socket.on('connect', () => {
      this.online = true;
      socket.emit('check-in:watch', { showId: this.#show }, (ack) => {
        if (ack.ok) this.counts = { admitted: ack.admitted, expected: ack.expected };
      });
      void this.merge();
    });
    socket.on('disconnect', () => (this.online = false));
    socket.on('connect_error', () => (this.online = false));
    socket.on('check-in', ({ showId, admitted, expected }) => {
      if (showId === this.#show) this.counts = { admitted, expected };
    });
  }

  /** Connects; answers what ends it. */
  start(): () => void {
    const close = connected((socket) => this.#listen(socket));
    const offline = () => (this.online = false);
    addEventListener('offline', offline);
    void this.#prepare();
    const lists = setInterval(() => void this.#takeList(), LIST_EVERY_MS);
    const merges = setInterval(() => void this.merge(), MERGE_EVERY_MS);
    return () => {
      close();
      removeEventListener('offline', offline);
      clearInterval(lists);
      clearInterval(merges);
    };
  }

  async #prepare() {
    // Browsers compute hashes on secure pages only (https): then this gate needs its network.
    if (!isSecureContext) return;
    try {
      this.#store = await openGateStore(this.#show);
      this.waiting = await this.#store.waiting();
      this.listed = (await this.#store.size()) || null;
    } catch {
      // A private window may have no store: then this gate needs its network.
      return;
    }
    await this.merge();
    await this.#takeList();
  }

  async #takeList() {
    if (!this.#store) return;
    const all: Listed[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Said<{ items: Listed[]; next: string | null }> = await ask(
        `list?showId=${this.#show}${cursor && `&cursor=${cursor}`}`
      );
      if (!page.ok) return;
      all.push(...page.body.items);
      cursor = page.body.next;
    }
    // Whoever was let in meanwhile without the server is not yet in its list.
    const store = this.#store;
    this.#turn = this.#turn.then(async () => {
      if (this.waiting.length > 0) return;
      await store.keep(all);
      this.listed = all.length;
    });
    await this.#turn;
  }

  /** One after the other, as people come. */
  admit(which: { code: string } | { ticketId: string }): Promise<void> {
    this.#turn = this.#turn.then(() => this.#admit(which));
    return this.#turn;
  }

  async #admit(which: { code: string } | { ticketId: string }) {
    const gate = this.#gateName();
    const attempt = newAttempt();
    const said = await ask<Admission>('', { ...which, showId: this.#show, attempt, ...(gate ? { gate } : {}) });
    if (said.ok) {
      const { ticket } = said.body;
      this.#say({ kind: 'good', headline: m.welcome(), words: m.let_in_done(), ticket, undo: ticket.id });
      this.counts = { ...this.counts, admitted: this.counts.admitted + 1 };
    } else if (said.away) {
      if ('code' in which) await this.#admitOffline(which.code, attempt);
      else this.#say({ kind: 'warn', headline: m.no_network(), words: m.no_network_search() });
    } else {
      const used = said.code === 'ALREADY_USED';
      const headline = used ? m.already_in() : said.code === 'BAD_TICKET' ? m.not_valid() : m.not_now();
      const kind = said.code === 'BAD_TICKET' ? 'bad' : 'warn';
      this.#say({ kind, headline, words: said.message, ...(said.ticket ? { ticket: said.ticket } : {}) });
    }
  }

  async #admitOffline(typed: string, attempt: string) {
    this.online = false;
    const code = typed.trim();
    const short = readShortCode(code);
    const ticket = await this.#onList(short ?? code, short === null ? 'code' : 'short').catch(() => null);
    if (!this.#store || this.listed === null) {
      return this.#say({
        kind: 'warn',
        headline: m.no_network(),
        words: m.no_list()
      });
    }
    if (!ticket) {
      return this.#say({
        kind: 'bad',
        headline: m.not_listed(),
        words: m.not_listed_words(),
        offline: true
      });
    }
    const waiting = {
      code: short ?? code,
      at: new Date().toISOString(),
      attempt,
      label: ticket.label,
      attendee: ticket.attendee
    };
    if (ticket.at !== null || !(await this.#store.admit(ticket, waiting))) {
      const words = ticket.at === null ? m.before() : m.before_at({ time: toTheSecond(ticket.at) });
      return this.#say({ kind: 'warn', headline: m.already_in(), words, ticket, offline: true });
    }
    this.waiting = await this.#store.waiting();
    this.#say({ kind: 'good', headline: m.welcome(), words: m.offline_in(), ticket, offline: true });
  }

  async #onList(code: string, by: 'code' | 'short'): Promise<Listed | null> {
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(listedAs(this.#show, code)));
    const base64 = btoa(String.fromCharCode(...new Uint8Array(digest)));
    const hash = base64.replaceAll('+', '-').replaceAll('/', '_').slice(0, 22);
    return (await this.#store?.find(by, hash)) ?? null;
  }

  #merging = false;
  /** Sends what happened without a network; what another gate was faster with is listed. */
  async merge(): Promise<void> {
    const store = this.#store;
    if (!store || this.waiting.length === 0 || this.#merging) return;
    this.#merging = true;
    try {
      const admissions = this.waiting.slice(0, 100).map(({ code, at, attempt }) => ({ code, at, attempt }));
      const gate = this.#gateName();
      const said = await ask<{ merged: Merged[]; counts: CheckInCounts }>('merge', {
        ...{ showId: this.#show, admissions },
        ...(gate ? { gate } : {})
      });
      if (!said.ok) return;
      this.online = true;
      // One that came too fast stays for the next time.
      const done = said.body.merged.filter(({ outcome }) => outcome !== 'later');
      await store.forget(done.map(({ code }) => code));
      this.conflicts = [...this.conflicts, ...done.filter(({ outcome }) => outcome !== 'merged')];
      this.waiting = await store.waiting();
      this.counts = said.body.counts;
    } finally {
      this.#merging = false;
    }
  }

  async undo(ticketId: string): Promise<void> {
    const said = await ask<GateTicket>('undo', { ticketId });
    if (said.ok) {
      this.counts = { ...this.counts, admitted: this.counts.admitted - 1 };
      this.answer = { kind: 'warn', headline: m.taken_back(), words: m.taken_back_words(), ticket: said.body };
    } else
      this.answer = {
        kind: 'warn',
        headline: m.not_taken_back(),
        words: said.away ? m.no_network_undo() : said.message
      };
  }

  #say(answer: Answer) {
    this.answer = answer;
    this.#told(answer.kind);
  }
}

const toTheSecond = (at: string) => {
  const options = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
  return dateFormat(currentLocale(), options).format(new Date(at));
};

/** A random UUID (RFC 9562, version 4): `crypto.randomUUID` is there on secure pages only, and typing works on all. */
function newAttempt(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
