const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string) => text.replaceAll(/[&<>"]/g, (sign) => ESCAPES[sign] ?? '');

/**
 * What a site puts into its page to show a seat map. The element has its height before the script is there, so that
 * nothing on the page moves; the link is for visitors without JavaScript, and where the map cannot be shown.
 */
export function snippetFor(origin: string, show: { id: string; title: string }): string {
  const title = escaped(show.title);
  return `<script src="${origin}/embed.js" async></${'script'}>
<fullhouse-map show="${show.id}" label="Choose seats for ${title}" style="display: block; height: 640px">
  <a href="${origin}/shows/${show.id}">Choose seats for ${title}</a>
</fullhouse-map>`;
}
