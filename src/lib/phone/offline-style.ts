/** The design's values (tokens.css) as text. */
export type Tokens = string;

/** In the hand of the site, with the fonts of the device: ours may not have been fetched yet. */
export const offlineStyle = (tokens: Tokens): string => `${tokens}
*{box-sizing:border-box}
body{margin:0;min-height:100dvh;background:var(--house);color:var(--ink);font:400 1rem/1.5 system-ui,sans-serif;
  padding:env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left)}
header{padding:16px 24px;border-bottom:1px solid var(--line);font-family:Georgia,serif;font-size:1.15rem}
main{max-width:720px;margin:0 auto;padding:24px;display:grid;gap:16px}
h1,h2,p,ul{margin:0;padding:0}
h1,h2{font:500 2rem/1.12 Georgia,serif}
h2{font-size:1.375rem;margin-top:24px}
ul{list-style:none;display:grid;gap:16px}
.soft{color:var(--ink-soft)}
.seat{font-weight:600;color:var(--accent)}
.code{font-variant-numeric:tabular-nums;font-weight:600;letter-spacing:.04em}
.note{border:1px solid var(--accent);border-radius:14px;padding:14px 16px;background:color-mix(in srgb,var(--accent) 9%,var(--stage))}
.ticket{display:flex;flex-wrap:wrap;gap:16px;justify-content:space-between;align-items:center;background:var(--stage);
  border:1px solid var(--line);border-radius:22px;padding:24px}
.ticket img{background:#fff;border-radius:14px;padding:6px;display:block}
.panel{display:grid;gap:4px;padding:16px 24px;border:1px solid var(--line);border-radius:22px;background:var(--stage);
  color:inherit;text-decoration:none}
.button{display:inline-flex;align-items:center;min-height:44px;padding:11px 22px;border-radius:99px;background:var(--accent);
  color:var(--on-accent);font-weight:600;text-decoration:none}
.button.ghost{background:none;color:var(--ink);border:1px solid var(--edge);font-weight:500}
:focus-visible{outline:2px solid var(--accent);outline-offset:3px;border-radius:6px}`;
