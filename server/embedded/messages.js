// The texts of src/lib/domain/messages, compiled to functions by Paraglide JS: a file a subject and language in, a module a
// subject out, which pages, server and worker import. Plain JavaScript, because it comes before all else. The compiler is
// asked for one message at a time: its own project format loads plugins over the network, and a database to hold them.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TEXTS = join(ROOT, 'src', 'lib', 'domain', 'messages');
const COMPILED = join(TEXTS, 'compiled');
const STAMP = join(COMPILED, '.stamp');
/** English comes first: it says which messages there are, and with which parameters. */
const LANGUAGES = ['en', 'de', 'es', 'hi'];

/**
 * A text, or `{ "count": { "one": "{count} seat", "other": "{count} seats" } }`: a text for each plural form that the
 * language has for that parameter. `=0` is for exactly that number.
 * @typedef {string | Record<string, Record<string, string>>} Text
 * @typedef {{ key: string, of: string | null, texts: Record<string, string> }} Message `of` is the parameter it counts by
 */

/** @param {string} where @param {string} key @param {Text} text @returns {Message} */
function read(where, key, text) {
  if (!/^[a-z][a-z0-9_]*$/.test(key)) throw new Error(`${where}: ${key} is no name for a message (snake_case).`);
  if (typeof text === 'string') return { key, of: null, texts: { other: text } };
  const [counted, ...more] = Object.entries(text);
  if (!counted || more.length > 0) throw new Error(`${where}: ${key} must count by one parameter.`);
  if (counted[1]['other'] === undefined) throw new Error(`${where}: ${key} needs a text for "other".`);
  return { key, of: counted[0], texts: counted[1] };
}

/**
 * `Row {row}` as what the compiler calls a pattern. The number that a text counts by is written as the language writes numbers.
 * @param {string} text @param {string | null} counted @returns {object[]}
 */
function patternOf(text, counted) {
  const number = { annotation: { type: 'function-reference', name: 'number', options: [] } };
  return text
    .split(/(\{[a-zA-Z]+\})/)
    .filter((part) => part !== '')
    .map((part) => {
      const name = /^\{([a-zA-Z]+)\}$/.exec(part)?.[1];
      if (name === undefined) return { type: 'text', value: part };
      const arg = { type: 'variable-reference', name };
      return { type: 'expression', arg, ...(name === counted ? number : {}) };
    });
}

const FORM = 'form';

/** @param {string} locale @param {Message} message */
function compiledFrom(locale, { key, of, texts }) {
  const exact = Object.keys(texts).filter((form) => form.startsWith('='));
  const forms = Object.keys(texts).filter((form) => !form.startsWith('=') && form !== 'other');
  const variants = [...exact, ...forms, 'other'].map((form) => ({
    ...{ id: form, messageId: `${locale} ${key}`, pattern: patternOf(texts[form] ?? '', of) },
    matches: form.startsWith('=')
      ? [{ type: 'literal-match', key: of, value: form.slice(1) }]
      : form === 'other'
        ? [{ type: 'catchall-match', key: FORM }]
        : [{ type: 'literal-match', key: FORM, value: form }]
  }));
  return { ...{ id: `${locale} ${key}`, bundleId: key, locale, selectors: [] }, variants };
}

/** @param {Message} message */
const parametersOf = ({ of, texts }) => {
  const named = [
    ...Object.values(texts)
      .join('')
      .matchAll(/\{([a-zA-Z]+)\}/g)
  ].map(([, name = '']) => name);
  return [...new Set([...(of === null ? [] : [of]), ...named])];
};

/** @param {string} subject @param {Record<string, Record<string, Text>>} byLanguage @param {(bundle: object) => { bundle: { code: string }, messages: Record<string, { code: string }> }} compile */
function moduleOf(subject, byLanguage, compile) {
  /** @type {string[]} */
  const code = [];
  /** @type {string[]} */
  const types = [];
  for (const [key, english] of Object.entries(byLanguage['en'] ?? {})) {
    const inEnglish = read(`en/${subject}`, key, english);
    const parameters = parametersOf(inEnglish);
    const counted = new Set([inEnglish.of]);
    const messages = LANGUAGES.map((language) => {
      const text = byLanguage[language]?.[key];
      // What is not translated yet is said in English; a unit test does not let that pass.
      const message = text === undefined ? inEnglish : read(`${language}/${subject}`, key, text);
      counted.add(message.of);
      return { language, message };
    });
    const by = [...counted].filter((name) => name !== null);
    const declarations = [
      ...parameters.map((name) => ({ type: 'input-variable', name })),
      ...by.map((name) => ({
        ...{ type: 'local-variable', name: FORM },
        value: {
          ...{ type: 'expression', arg: { type: 'variable-reference', name } },
          annotation: { type: 'function-reference', name: 'plural', options: [] }
        }
      }))
    ];
    const compiled = compile({
      id: key,
      declarations,
      messages: messages.map(({ language, message }) => compiledFrom(language, message))
    });
    for (const language of LANGUAGES)
      code.push(`const ${language}_${key} = ${compiled.messages[language]?.code ?? ''}`);
    code.push(compiled.bundle.code);
    const inputs = parameters.map((name) => `${name}: ${by.includes(name) ? 'number' : 'string | number'}`).join('; ');
    const given = parameters.length > 0 ? `inputs: { ${inputs} }` : 'inputs?: Record<string, never>';
    types.push(`/** ${JSON.stringify(english).replaceAll('*/', '* /')} */`);
    types.push(`export declare const ${key}: (${given}, options?: { locale?: Language }) => string;`);
  }
  const imports = [
    '// @ts-nocheck: the declarations beside it say what there is.',
    "import { currentLanguage as getLocale } from '../../language.ts';",
    "import * as registry from '../registry.ts';",
    'const experimentalStaticLocale = undefined;'
  ];
  return {
    [`${subject}.js`]:
      [...imports, ...code.map((each) => each.replaceAll(/\/\*\*[\s\S]*?\*\/\s*/g, ''))].join('\n') + '\n',
    [`${subject}.d.ts`]: ["import type { Language } from '../../language.ts';", ...types].join('\n') + '\n'
  };
}

/** @returns {Record<string, string>} the files of texts by their paths below src/lib/domain/messages */
function readTexts() {
  /** @type {Record<string, string>} */
  const texts = {};
  for (const language of LANGUAGES) {
    const folder = join(TEXTS, language);
    if (!existsSync(folder)) continue;
    for (const name of readdirSync(folder).sort()) {
      if (name.endsWith('.json')) texts[`${language}/${name}`] = readFileSync(join(folder, name), 'utf8');
    }
  }
  return texts;
}

/** Compiles the texts if they changed since the last time. Several processes may do it at once: all write the same. */
export async function compileMessages() {
  if (!existsSync(join(ROOT, 'node_modules', '@inlang', 'paraglide-js'))) {
    // An image for production holds what was compiled, and no compiler.
    if (existsSync(STAMP)) return;
    throw new Error(
      'The texts in src/lib/domain/messages are not compiled, and their compiler is missing: run npm ci.'
    );
  }
  const texts = readTexts();
  const stamp = createHash('sha256')
    .update(readFileSync(fileURLToPath(import.meta.url)))
    .update(readFileSync(join(ROOT, 'node_modules', '@inlang', 'paraglide-js', 'package.json')))
    .update(JSON.stringify(texts))
    .digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stamp) return;
  const { compileBundle } = await import('@inlang/paraglide-js');
  /** @type {Record<string, Record<string, Record<string, Text>>>} */
  const subjects = {};
  for (const [path, text] of Object.entries(texts)) {
    const [language = '', subject = ''] = path.replace('.json', '').split('/');
    (subjects[subject] ??= {})[language] = JSON.parse(text);
  }
  const settings = { baseLocale: 'en', locales: LANGUAGES };
  const fallbackMap = { en: undefined, de: 'en', es: 'en', hi: 'en' };
  const compile = (/** @type {any} */ bundle) =>
    compileBundle({
      ...{ bundle, fallbackMap, settings },
      messageReferenceExpression: (/** @type {string} */ locale, /** @type {string} */ id) => `${locale}_${id}`
    });
  mkdirSync(COMPILED, { recursive: true });
  const files = Object.entries(subjects).flatMap(([subject, languages]) =>
    Object.entries(moduleOf(subject, languages, compile))
  );
  for (const [name, contents] of [...files, ['.stamp', stamp]]) {
    const whole = join(COMPILED, String(name));
    // Whoever reads it meanwhile has the old or the new one, never half of it; and what is the same stays untouched.
    if (existsSync(whole) && readFileSync(whole, 'utf8') === contents) continue;
    writeFileSync(`${whole}.${process.pid}`, String(contents));
    renameSync(`${whole}.${process.pid}`, whole);
  }
  const known = new Set(['.stamp', ...files.map(([name]) => name)]);
  for (const name of readdirSync(COMPILED)) {
    if (!known.has(name) && /\.(?:d\.ts|js)$/.test(name)) rmSync(join(COMPILED, name), { force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await compileMessages();
