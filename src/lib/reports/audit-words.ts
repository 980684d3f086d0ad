import * as m from '#domain/messages/compiled/audit.js';

/** What the log has written down, in the reader's words; what is not known here is shown as it stands there. */
const ACTIONS: Readonly<Record<string, () => string>> = {
  create: m.do_create,
  update: m.do_update,
  delete: m.do_delete,
  rename: m.do_rename,
  publish: m.do_publish,
  'set banner': m.do_set_banner,
  'remove banner': m.do_remove_banner,
  'change plan': m.do_change_plan,
  cancel: m.do_cancel,
  refund: m.do_refund,
  'retry refund': m.do_retry_refund,
  move: m.do_move,
  'send tickets again': m.do_send_tickets_again,
  rehearse: m.do_rehearse,
  'release hold': m.do_release_hold,
  'send notice': m.do_send_notice,
  'block seats': m.do_block_seats,
  'unblock seats': m.do_unblock_seats,
  'undo check-in': m.do_undo_check_in,
  'appoint staff': m.do_appoint_staff,
  'remove staff': m.do_remove_staff,
  'pause admission': m.do_pause_admission,
  'resume admission': m.do_resume_admission,
  suspend: m.do_suspend,
  revoke: m.do_revoke,
  'rotate secret': m.do_rotate_secret,
  'resume sale': m.do_resume_sale,
  'pause sale': m.do_pause_sale,
  'close sale': m.do_close_sale,
  'give role': m.do_give_role,
  'let in again': m.do_let_in_again
};
const KINDS: Readonly<Record<string, () => string>> = {
  venue: m.kind_venue,
  plan: m.kind_plan,
  event: m.kind_event,
  show: m.kind_show,
  promo: m.kind_promo,
  booking: m.kind_booking,
  user: m.kind_user,
  token: m.kind_token,
  webhook: m.kind_webhook,
  site: m.kind_site
};

/** What can be sought: nobody has to know how it is stored. */
export const actionOptions = () => Object.entries(ACTIONS).map(([value, words]) => ({ value, label: words() }));

export const actionInWords = (action: string): string => ACTIONS[action]?.() ?? action;
export const kindOfThing = (kind: string): string => KINDS[kind]?.() ?? kind;
