/** Keys of the control room. They do nothing while somebody types, or holds a modifier. */
export const SHORTCUTS = [
  { key: 'b', does: 'Block the chosen seats' },
  { key: 'u', does: 'Put the chosen seats back on sale' },
  { key: 'p', does: 'Pause or resume the sale' },
  { key: 'n', does: 'Write a notice' },
  { key: 'f', does: 'Find seats by their names' },
  { key: 'Escape', does: 'Choose nothing, close what is open' },
  { key: '?', does: 'Show these keys' }
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
