import type { CDPSession, Page } from '@playwright/test';

/** The page as a screen reader has it: the browser's accessibility tree, and nothing of how the page looks. */
export interface Reader {
  /** What has this role and a name that fits, or null. */
  find(role: string, name: RegExp): Promise<Heard | null>;
  /** Waits until it is there, and moves the keyboard to it. */
  goTo(role: string, name: RegExp): Promise<Heard>;
  /** Waits until a live region says it. */
  hears(words: RegExp): Promise<string>;
}

export interface Heard {
  role: string;
  name: string;
  description: string;
  /** `pressed`, `disabled`, `expanded` and the like. */
  states: Record<string, unknown>;
}

type Node = Awaited<ReturnType<typeof treeOf>>[number];

const PATIENCE_MS = 15_000;
const AGAIN_MS = 150;

export async function readerOf(page: Page): Promise<Reader> {
  const session = await page.context().newCDPSession(page);
  await session.send('Accessibility.enable');
  await session.send('DOM.enable');

  const look = async (fits: (node: Node) => boolean) =>
    (await treeOf(session)).find((node) => !node.ignored && fits(node));
  const named = (role: string, name: RegExp) => (node: Node) => roleOf(node) === role && name.test(nameOf(node));

  async function waitFor(what: string, fits: (node: Node) => boolean): Promise<Node> {
    const until = performance.now() + PATIENCE_MS;
    for (;;) {
      const found = await look(fits);
      if (found) return found;
      if (performance.now() > until) throw new Error(`a screen reader does not find ${what}`);
      await page.waitForTimeout(AGAIN_MS);
    }
  }

  return {
    async find(role, name) {
      const found = await look(named(role, name));
      return found ? heard(found) : null;
    },
    async goTo(role, name) {
      const found = await waitFor(`a ${role} called ${name.source}`, named(role, name));
      await session.send('DOM.focus', { backendNodeId: found.backendDOMNodeId ?? 0 });
      return heard(found);
    },
    async hears(words) {
      // What a live region says is the text inside it.
      const found = await waitFor(`the words ${words.source}`, named('StaticText', words));
      return nameOf(found);
    }
  };
}

const treeOf = async (session: CDPSession) => (await session.send('Accessibility.getFullAXTree')).nodes;
const nameOf = (node: Node) => String(node.name?.value ?? '');
const roleOf = (node: Node) => String(node.role?.value ?? '');
const heard = (node: Node): Heard => ({
  role: roleOf(node),
  name: nameOf(node),
  description: String(node.description?.value ?? ''),
  states: Object.fromEntries((node.properties ?? []).map(({ name, value }) => [name, value.value]))
});
