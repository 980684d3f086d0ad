import * as m from '#domain/messages/compiled/control.js';

/** Keys of the control room. They do nothing while somebody types, or holds a modifier. */
export const SHORTCUTS = [
  { key: 'b', does: m.key_b },
  { key: 'u', does: m.key_u },
  { key: 'p', does: m.key_p },
  { key: 'n', does: m.key_n },
  { key: 'f', does: m.key_f },
  { key: 'Escape', does: m.key_escape },
  { key: '?', does: m.key_help }
] as const;
export type Shortcut = (typeof SHORTCUTS)[number]['key'];

export function shortcutOf(event: KeyboardEvent): Shortcut | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const { target } = event;
  const typing = target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable="true"]');
  if (typing && event.key !== 'Escape') return null;
  const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return SHORTCUTS.find(({ key }) => key === pressed)?.key ?? null;
}
