import * as m from '#domain/messages/compiled/refusals.js';
import type { RequestEvent } from '@sveltejs/kit';
import { z } from 'zod';
import { plainAnswer } from './plain-page.ts';

const toSignIn = (location: string | null) => location !== null && /^\/sign-in(?:\?|$)/.test(location);
/** What Kit answers to a form that its script has sent. */
const actionResult = z.object({ type: z.literal('redirect'), location: z.string() });

/** Whether a page's answer says: sign in first. */
async function asksToSignIn(response: Response): Promise<boolean> {
  if (toSignIn(response.headers.get('location'))) return true;
  if (!response.headers.get('content-type')?.startsWith('application/json') || response.status !== 200) return false;
  const result = actionResult.safeParse(await response.clone().json());
  return result.success && toSignIn(result.data.location);
}

/**
 * On pages, too, who is signed in is not asked to sign in because Postgres cannot be asked who they are: they are told to
 * wait. Null: the answer is good as it is.
 */
export async function insteadOfSignIn(event: RequestEvent, response: Response): Promise<Response | null> {
  if (!event.locals.identity.unchecked || !(await asksToSignIn(response))) return null;
  return plainAnswer(event.request, 503, m.one_moment(), m.account_unseen());
}
