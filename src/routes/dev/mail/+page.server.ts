import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

/** The mail catcher's inbox: only where mails are caught instead of sent. */
export const load: PageServerLoad = ({ locals, url }) => {
  const { inbox } = locals.app;
  if (!inbox) error(404, 'There is no such page.');
  const mails = inbox.list();
  const id = url.searchParams.get('id');
  const open = id === null ? (mails[0] ?? null) : inbox.get(id);
  return {
    mails: mails.map(({ id, to, subject, receivedAt }) => ({ id, to, subject, receivedAt })),
    open: open && { id: open.id, from: open.from, to: open.to, subject: open.subject, html: open.html, text: open.text }
  };
};
