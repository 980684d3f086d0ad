import { languageOf } from '#domain/language.ts';
import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import { speak } from '../language.ts';
import type { Logger } from '../log.ts';
import { createDeclineKeys } from '../waiting/decline-keys.ts';
import { readWish } from '../waiting/views.ts';
import { cleanText, recipientOf } from './addresses.ts';
import { waitingOfferLetter } from './templates/waiting-offer.ts';
import type { Transport } from './transport.ts';

/** The one mail of the waiting list: seats are held for you, until then. */
export function createWaitingMail(parts: { db: Database; config: Config; log: Logger; transport: Transport }) {
  const { db, config, log, transport } = parts;
  const keys = createDeclineKeys(config.secret);

  return async (wishId: string): Promise<void> => {
    const wish = await readWish(db, wishId);
    // Taken, declined or over before the mail was written: there is nothing to say any more.
    if (!wish?.view.offer) return;
    const dedupeKey = `waiting-offer:${wish.hold}`;
    if (await transport.isDone(dedupeKey)) return;
    const found = await db.query<{ name: string; email: string; language: string | null }>(
      'select name, email, language from app_user where id = $1',
      [wish.user]
    );
    const [user] = found.rows;
    if (!user) throw new Error(`the wish ${wishId} is nobody’s`);
    const to = recipientOf(user.name, user.email);
    if (!to) {
      log.error({ wishId }, 'somebody on a waiting list has no usable mail address');
      return transport.giveUp(dedupeKey, user.email, 'The account has no usable mail address.');
    }
    const page = `${config.origin}/waiting/${wishId}`;
    await transport.send({
      ...{ dedupeKey, to },
      letter: async () => {
        const now = await readWish(db, wishId);
        // Ended while this mail waited to be ours.
        if (!now?.view.offer || now.hold !== wish.hold) return null;
        const { view } = now;
        const { offer } = view;
        if (!offer) return null;
        const letter = speak(languageOf(user.language), () =>
          waitingOfferLetter({
            ...{ name: cleanText(user.name), wish: view, offer, acceptUrl: page },
            declineUrl: `${page}?token=${keys.keyOf(wishId, wish.hold)}`
          })
        );
        return { ...letter, subject: cleanText(letter.subject) };
      }
    });
  };
}
