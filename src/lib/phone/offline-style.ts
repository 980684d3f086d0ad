/** The design's values (tokens.css) as text. */
export type Tokens = string;

/** In the hand of the site, with the fonts of the device: ours may not have been fetched yet. */
export const offlineStyle = (tokens: Tokens): string => `${tokens}
*{box-sizing:border-box}
body{margin:0;min-height:100dvh;background:var(--house);color:var(--ink);font:400 var(--text-m)/var(--leading-text) system-ui,sans-serif;
  padding:env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left)}
header{padding:var(--space-3) var(--space-4);border-bottom:1px solid var(--line);font-family:Georgia,serif;font-size:var(--text-brand)}
main{max-width:var(--page-narrow);margin:0 auto;padding:var(--space-4);display:grid;gap:var(--space-3)}
h1,h2,p,ul{margin:0;padding:0}
h1,h2{font:500 var(--text-title)/var(--leading-title) Georgia,serif}
h2{font-size:var(--text-l);margin-top:var(--space-4)}
ul{list-style:none;display:grid;gap:var(--space-3)}
.soft{color:var(--ink-soft)}
.seat{font-weight:600;color:var(--accent)}
.code{font-variant-numeric:tabular-nums;font-weight:600;letter-spacing:.04em}
.note{border:1px solid var(--accent);border-radius:var(--radius-m);padding:var(--space-3);background:var(--wash-accent)}
.ticket{display:flex;flex-wrap:wrap;gap:var(--space-3);justify-content:space-between;align-items:center;background:var(--stage);
  border:1px solid var(--line);border-radius:var(--radius-l);padding:var(--space-4)}
.ticket img{background:var(--paper);border-radius:var(--radius-m);padding:var(--space-2);display:block}
.panel{display:grid;gap:var(--space-1);padding:var(--space-3) var(--space-4);border:1px solid var(--line);border-radius:var(--radius-l);background:var(--stage);
  color:inherit;text-decoration:none}
.button{display:inline-flex;align-items:center;min-height:var(--target);padding:var(--space-snug) var(--space-4);border-radius:var(--radius-round);background:var(--accent);
  color:var(--on-accent);font-weight:600;text-decoration:none}
.button.ghost{background:none;color:var(--ink);border:1px solid var(--edge);font-weight:500}
:focus-visible{outline:var(--focus);outline-offset:var(--focus-gap);border-radius:var(--radius-s)}`;
