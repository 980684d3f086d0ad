/** Mails that were caught instead of sent: what /dev/mail shows. Kept in memory, the newest first. */
export interface InboxMail {
  id: string;
  from: string;
  to: string[];
  subject: string;
  html: string;
  text: string;
  messageId: string;
  receivedAt: string;
}

export interface Inbox {
  list(): readonly InboxMail[];
  get(id: string): InboxMail | null;
}

const KEPT = 500;

export function createInbox(): Inbox & { add(mail: InboxMail): void } {
  let mails: InboxMail[] = [];
  return {
    list: () => mails,
    get: (id) => mails.find((mail) => mail.id === id) ?? null,
    add(mail) {
      mails = [mail, ...mails].slice(0, KEPT);
    }
  };
}
