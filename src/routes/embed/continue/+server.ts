import { redirect } from '@sveltejs/kit';
import { continueBody } from '#domain/embed.ts';
import * as m from '#domain/messages/compiled/embed.js';
import { isRefusal, refuse, type Refusal } from '#domain/refusal.ts';
import { plainAnswer } from '$lib/server/plain-page.ts';
import type { RequestHandler } from './$types';

/**
 * The way from a seat map on another site to our own pages, at the top of the browser: the frame's form brings the token
 * in its body, the answer leads on with a code in its place, and only there, as a visitor of this site, our cookies come
 * along.
 */
const said = (request: Request, { httpStatus, message }: Refusal) =>
  plainAnswer(request, httpStatus, m.did_not_come(), message);

export const POST: RequestHandler = async ({ locals, request }) => {
  const { accounts, embed } = locals.app;
  // What is no form has none of our fields.
  const form = await request.formData().catch(() => new FormData());
  const sent = continueBody.safeParse(Object.fromEntries(form));
  const guest = sent.success ? accounts.verifyBuyer(sent.data.token) : null;
  if (!sent.success || guest === null) return said(request, refuse('INVALID', m.choose_once_more()));
  const given = await embed.handOver.give(sent.data.show, guest);
  if (isRefusal(given)) return said(request, given);
  redirect(303, `/embed/continue?code=${given.code}`);
};

export const GET: RequestHandler = async ({ locals, request, url, setHeaders }) => {
  setHeaders({ 'cache-control': 'no-store' });
  const { buyer } = locals.identity;
  const code = url.searchParams.get('code') ?? '';
  // Without a buyer of our own there is nobody to give the seats to, and the code stays good.
  if (buyer === null) return said(request, refuse('BUSY', m.who_are_you()));
  const taken = await locals.app.embed.handOver.take(code, buyer);
  if (isRefusal(taken)) return said(request, taken);
  redirect(303, `/checkout/${taken.hold}`);
};
