import * as m from '#domain/messages/compiled/mail.js';
import type { Letter } from '../transport.ts';
import { button, html, layout, paragraph } from './layout.ts';

/** A mail about an account: what happened, one thing to do, and what if it was somebody else. */
export function accountLetter(mail: {
  name: string;
  title: string;
  says: string;
  button: { label: string; url: string };
  after: string;
}): Letter {
  const { name, title, says, after } = mail;
  const hello = m.hello({ name });
  const body = html`${paragraph(html`${hello}`)} ${paragraph(html`${says}`)}
  ${button(mail.button.url, mail.button.label)} ${paragraph(html`${after}`)}`;
  return {
    subject: title,
    html: layout({
      preview: says,
      title,
      body,
      why: m.why_account()
    }),
    text: `${title}

${hello}

${says}

${mail.button.label}: ${mail.button.url}

${after}
`
  };
}
