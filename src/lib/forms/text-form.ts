import { z } from 'zod';

/**
 * A form as people fill it in: every field is text (a price as it is written, a time by the clock of the venue), and
 * one function says which body of the domain that text means. The domain's schema has the rules and the words for
 * what is wrong; here they only find their field. Works the same in the browser and on the server.
 */
export type Typed = Record<string, string>;
export interface Wrong {
  path: string;
  message: string;
}
export interface TextForm<Body> {
  /** What the fields are called, by their names, in their order. */
  labels: Readonly<Record<string, string>>;
  /** For Superforms: text in, the same text out, and what is wrong with it at its field. */
  schema: z.ZodType<Typed, Record<string, string | undefined>>;
  /** The body, or null where something is wrong. */
  body(values: Typed): Body | null;
  /** The field that a path of the body comes from; '' for none. */
  fieldOf(path: string): string;
}

/** No field of ours takes more; it bounds what is sent back. */
const LONGEST = 20_000;

export function textForm<Body>(form: {
  labels: Readonly<Record<string, string>>;
  /** Fields nobody sees: they come back as they were sent. */
  hidden?: readonly string[];
  body: z.ZodType<Body>;
  /** The text as `body` expects it; `wrong` takes what cannot even be read. */
  read(values: Typed, wrong: (path: string, message: string) => void): object;
  /** For paths of the body that are not called like their field. */
  rename?(path: string): string;
}): TextForm<Body> {
  const { labels, hidden = ['version'] } = form;

  function fieldOf(path: string): string {
    const name = form.rename?.(path) ?? path;
    // What is wrong in a part of a list is wrong in its field.
    return [name, name.replace(/\.\d+$/, '')].find((known) => Object.hasOwn(labels, known)) ?? '';
  }

  function parse(values: Typed): { body: Body | null; wrong: Wrong[] } {
    const wrong: Wrong[] = [];
    const body = form.body.safeParse(form.read(values, (path, message) => wrong.push({ path, message })));
    const issues = (body.error?.issues ?? []).map(({ path, message }) => ({ path: fieldOf(path.join('.')), message }));
    const all = [...wrong, ...issues];
    const first = all.filter(({ path }, n) => all.findIndex((one) => one.path === path) === n);
    return { body: body.success && first.length === 0 ? body.data : null, wrong: first };
  }

  const text = z.string().max(LONGEST, `must have at most ${LONGEST} characters`).default('');
  return {
    ...{ labels, fieldOf },
    schema: z
      .object(Object.fromEntries([...hidden, ...Object.keys(labels)].map((name) => [name, text])))
      .superRefine((values, context) => {
        for (const { path, message } of parse(values).wrong) {
          context.addIssue({ code: 'custom', message, path: path === '' ? [] : [path] });
        }
      }),
    body: (values) => parse(values).body
  };
}

/** NaN for what is no number: the schema has the words for it. */
export const numberIn = (given: string | undefined) => (given?.trim() ? Number(given) : Number.NaN);

/** What a form says about itself as a whole. */
export interface FormMessage {
  kind: 'ok' | 'bad';
  text: string;
  /** Where somebody else, who saved first, has something else than was typed here. */
  differences?: Difference[];
  /** What is shown this once, to be copied. */
  secret?: string;
  /** The session is over: signing in is the way on. */
  signedOut?: true;
}
export interface Difference {
  name: string;
  label: string;
  yours: string;
  theirs: string;
}
