import { currentLanguage, directionOf } from '#domain/language.ts';
/**
 * A "no" that is said before any page is made: a sentence of ours, in HTML that needs nothing else. A form that our own
 * script sends expects the answer of an action.
 */
export function plainAnswer(request: Request, status: number, heading: string, words: string): Response {
  if (request.headers.has('x-sveltekit-action')) {
    return new Response(JSON.stringify({ type: 'error', status, error: { message: words } }), {
      ...{ status, headers: { 'content-type': 'application/json' } }
    });
  }
  const language = currentLanguage();
  const page = `<!doctype html><html lang="${language}" dir="${directionOf(language)}"><meta name="viewport" content="width=device-width"><title>${heading}</title>
<h1>${heading}</h1><p>${words}</p></html>`;
  return new Response(page, { status, headers: { 'content-type': 'text/html; charset=utf-8' } });
}
