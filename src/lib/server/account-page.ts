import { redirect, type RequestEvent } from '@sveltejs/kit';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import { ownPath } from '$lib/components/next-path.ts';
import type { TextForm } from '$lib/forms/text-form.ts';
import { setSession } from './cookies.ts';
import { filled, refused, sendBack, sent } from './text-forms.ts';

/** How the browser names itself, for the list of places somebody is signed in at. */
export const agentOf = ({ request }: Pick<RequestEvent, 'request'>) => request.headers.get('user-agent') ?? '';

type Session = Parameters<typeof setSession>[1];

/** A page that ends with a session and the way back: signing in and signing up differ in `enter` alone. */
export function accountPage<Body>(
  text: TextForm<Body>,
  id: string,
  enter: (event: RequestEvent, body: Body, buyer: string | null) => Promise<Session | Refusal>
) {
  return {
    async load({ locals, url }: Pick<RequestEvent, 'locals' | 'url'>) {
      const next = ownPath(url.searchParams.get('next'));
      if (locals.identity.user) redirect(303, next);
      return { next, demo: locals.app.config.mode === 'demo', sent: await filled(text, {}, id) };
    },

    async action(event: RequestEvent) {
      const { form, body } = await sent(event.request, text, id);
      if (!body) return sendBack(form);
      const { guest, buyer } = event.locals.identity;
      const session = await enter(event, body, guest ?? buyer);
      if (isRefusal(session)) return refused(form, text, session);
      setSession(event, session);
      redirect(303, ownPath(event.url.searchParams.get('next')));
    }
  };
}
