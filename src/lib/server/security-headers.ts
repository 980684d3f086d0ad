import type { RequestEvent } from '@sveltejs/kit';

/** What every answer carries, an error and a "no" too. Pages have a Content-Security-Policy of their own (svelte.config.js). */
const HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'permissions-policy': 'camera=(self), geolocation=(), microphone=(), payment=()',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin'
};
/** For whatever came without one: it loads nothing and is nobody's frame. A "no" in plain HTML may be styled. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** `x-frame-options` knows all or none; the policy names those who may. */
function letFrame(headers: Headers, origins: readonly string[]) {
  const policy = headers.get('content-security-policy') ?? POLICY;
  headers.set(
    'content-security-policy',
    policy.replace("frame-ancestors 'none'", `frame-ancestors ${origins.join(' ')}`)
  );
  headers.delete('x-frame-options');
}

type Answered = Pick<RequestEvent, 'url'> & { locals: Pick<App.Locals, 'framing'> };

export function secured({ url, locals }: Answered, response: Response): Response {
  const { headers } = response;
  for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
  if (!headers.has('content-security-policy')) headers.set('content-security-policy', POLICY);
  if (locals.framing && locals.framing.length > 0) letFrame(headers, locals.framing);
  // A link from a mail is a key: no other site learns it. (`no-referrer` would also hide the origin of our own forms,
  // and a browser without JavaScript could not send them.)
  if (url.searchParams.has('token')) headers.set('referrer-policy', 'same-origin');
  if (url.protocol === 'https:') headers.set('strict-transport-security', 'max-age=31536000; includeSubDomains');
  return response;
}
