import { currentLanguage } from '#domain/language.ts';
import * as m from '#domain/messages/compiled/mail.js';

/**
 * The frame of every mail: tables and inline styles, because mail programs know little else; readable in light
 * and dark, because some of them turn colours round and others ask for the colour scheme.
 */

/** Text that is already HTML. Everything else that goes into a mail is escaped by `html`. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string) => text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

/** `` html`<p>${name}</p>` ``: values are escaped, unless they are Html or lists of it. */
export function html(strings: TemplateStringsArray, ...values: (string | number | Html | readonly Html[])[]): Html {
  const parts = values.map((value) => {
    if (value instanceof Html) return value.text;
    return typeof value === 'object' ? value.map((part) => part.text).join('') : escape(String(value));
  });
  return new Html(strings.map((string, n) => string + (parts[n] ?? '')).join(''));
}

const STYLE = `
  :root { color-scheme: light dark; supported-color-schemes: light dark; }
  @media (prefers-color-scheme: dark) {
    .house { background: #0d0c11 !important; } .stage { background: #17151d !important; border-color: #35313f !important; }
    .ink { color: #f5f1ea !important; } .soft { color: #b3acbf !important; } .line { border-color: #35313f !important; }
    .button { background: #ffcf70 !important; color: #241a05 !important; } .accent { color: #ffcf70 !important; }
  }`;

/** A mail's page. `preview` is the line that inboxes show beside the subject. */
export function layout(page: { preview: string; title: string; body: Html; why?: string }): string {
  const why = page.why ?? m.why_booking();
  return html`<!doctype html>
    <html lang="${currentLanguage()}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>${page.title}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body class="house" style="margin:0;padding:0;background:#f7f4ef">
        <div style="display:none;max-height:0;overflow:hidden">${page.preview}</div>
        <table
          role="presentation"
          class="house"
          width="100%"
          cellpadding="0"
          cellspacing="0"
          style="background:#f7f4ef"
        >
          <tr>
            <td align="center" style="padding:32px 16px">
              <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px">
                <tr>
                  <td class="accent" style="padding:0 8px 16px;font:600 20px Georgia,serif;color:#8a1f34">Fullhouse</td>
                </tr>
                <tr>
                  <td
                    class="stage"
                    style="background:#fffdfa;border:1px solid #ded7cc;border-radius:14px;padding:32px 24px;font:16px/1.5 Inter,-apple-system,'Segoe UI',Roboto,Arial,sans-serif"
                  >
                    <h1 class="ink" style="margin:0 0 16px;font:600 26px/1.25 Georgia,serif;color:#1d1923">
                      ${page.title}
                    </h1>
                    ${page.body}
                  </td>
                </tr>
                <tr>
                  <td class="soft" style="padding:16px 8px;font:13px/1.5 Arial,sans-serif;color:#5b5466">
                    ${why} ${m.no_answer()}
                  </td>
                </tr>
              </table>
            </td>
          </tr>
        </table>
      </body>
    </html> `.text;
}

export const paragraph = (content: Html) => html`<p class="ink" style="margin:0 0 16px;color:#1d1923">${content}</p>`;

/** Stands for the part while the sentence around it is said. No text of ours or of anybody's has it. */
const PART = '\u0000';

/** A sentence with one part of it in bold, wherever the language puts it. */
export function withStrong(say: (part: string) => string, part: string): Html {
  const [before = '', after = ''] = say(PART).split(PART);
  return html`${before}<strong>${part}</strong>${after}`;
}

export const button = (url: string, label: string) =>
  html`<p style="margin:24px 0 8px">
    <a
      class="button"
      href="${url}"
      style="display:inline-block;background:#8a1f34;color:#ffffff;text-decoration:none;font-weight:600;padding:14px 24px;border-radius:8px"
      >${label}</a
    >
  </p>`;

/** Facts as rows: what, and its value. */
export const facts = (rows: readonly (readonly [string, string])[]) =>
  html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:0 0 16px">
    ${rows.map(
      ([name, value]) =>
        html`<tr>
          <td
            class="soft line"
            style="padding:8px 16px 8px 0;border-bottom:1px solid #ded7cc;color:#5b5466;vertical-align:top;white-space:nowrap"
          >
            ${name}
          </td>
          <td class="ink line" style="padding:8px 0;border-bottom:1px solid #ded7cc;color:#1d1923">${value}</td>
        </tr>`
    )}
  </table>`;

/** The same facts in plain text. */
export const factsInText = (rows: readonly (readonly [string, string])[]) =>
  rows.map(([name, value]) => `${name}: ${value}`).join('\n');

/** Figures: the first column is words (more lines than one are less important), the others are numbers. */
export const table = (
  head: readonly string[],
  rows: readonly (readonly [readonly string[], ...(readonly string[])])[]
) =>
  html`<table width="100%" cellpadding="0" cellspacing="0" style="margin:0 0 24px;border-collapse:collapse">
    <tr>
      ${head.map(
        (name, n) =>
          html`<th
            class="soft line"
            scope="col"
            align="${n === 0 ? 'left' : 'right'}"
            style="padding:8px 0 8px ${n === 0 ? 0 : 12}px;border-bottom:1px solid #ded7cc;color:#5b5466;font-weight:400;font-size:14px"
          >
            ${name}
          </th>`
      )}
    </tr>
    ${rows.map(
      ([words, ...figures]) =>
        html`<tr>
          <td class="ink line" style="padding:8px 0;border-bottom:1px solid #ded7cc;color:#1d1923">
            ${words.map((line, n) =>
              n === 0
                ? html`${line}`
                : html`<br /><span class="soft" style="font-size:14px;color:#5b5466">${line}</span>`
            )}
          </td>
          ${figures.map(
            (figure) =>
              html`<td
                class="ink line"
                align="right"
                style="padding:8px 0 8px 12px;border-bottom:1px solid #ded7cc;color:#1d1923;vertical-align:top;white-space:nowrap"
              >
                ${figure}
              </td>`
          )}
        </tr>`
    )}
  </table>`;
