/**
 * Named places at which a crash would hurt most. They do nothing, until a crash test arms one:
 * then the process dies there, or the step throws, and the test proves that the work is finished after a restart.
 */
export type FaultPoint =
  | 'checkout:after-lease'
  | 'checkout:before-commit'
  | 'checkout:after-commit'
  | 'checkout:after-gateway'
  | 'gateway:after-create'
  | 'payment:after-decision'
  | 'payment:before-commit'
  | 'payment:after-commit'
  | 'relay:after-add'
  | 'relay:after-dispatch'
  | 'seats:after-sync'
  | 'expire:after-commit'
  | 'cancel:before-commit'
  | 'cancel:after-commit'
  | 'cancel:after-show'
  | 'move:after-lease'
  | 'move:before-commit'
  | 'move:after-commit'
  | 'paid-move:before-commit'
  | 'paid-move:after-commit'
  | 'refund:after-claim'
  | 'refund:after-gateway'
  | 'refund:after-settle'
  | 'show-changed:after-portion'
  | 'waiting:after-hold'
  | 'waiting:before-commit'
  | 'waiting:after-commit'
  | 'waiting:before-give-back'
  | 'waiting:after-give-back'
  | 'seat-log:after-copy'
  | 'seat-log:after-commit'
  | 'mail:after-claim'
  | 'mail:after-send'
  | 'webhook:after-send';

const armed = new Map<FaultPoint, () => void>();

export function faultPoint(name: FaultPoint): void {
  if (armed.size > 0) armed.get(name)?.();
}

/** For crash tests only: `action` runs when the point is reached, such as `() => process.kill(process.pid, 'SIGKILL')`. */
export function armFaultPoint(name: FaultPoint, action: () => void): void {
  armed.set(name, action);
}

export function disarmFaultPoints(): void {
  armed.clear();
}
