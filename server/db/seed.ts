import { randomUUID } from 'node:crypto';
import { generatePlan } from '#domain/generate-plan.ts';
import type { Plan } from '#domain/plan.ts';
import { createPasswords } from '../accounts/passwords.ts';
import { insertPlan } from '../catalog/plans.ts';
import { writePricing } from '../catalog/pricing.ts';
import { replaceRooms } from '../catalog/rooms.ts';
import { newId } from '../ids.ts';
import type { Logger } from '../log.ts';
import type { Database, Sql } from './database.ts';
import { bookGroups, chooseGroups } from './seed/fill.ts';
import { HALLS, PROGRAMME, type Evening, type Hall } from './seed/programme.ts';

/** Fills an empty database with accounts, halls and a programme; later starts only add shows when they run out. */
const PASSWORD = '1234';
const ACCOUNTS = [
  { email: 'admin@sample.com', name: 'Asha Admin', role: 'admin' },
  { email: 'organizer@sample.com', name: 'Otto Organizer', role: 'organizer' },
  { email: 'staff@sample.com', name: 'Sara Staff', role: 'staff' },
  { email: 'customer@sample.com', name: 'Kiran Customer', role: 'customer' }
] as const;
const CROWD = 40;

export async function seedDemo(parts: { db: Database; log: Logger; say?: (line: string) => void }): Promise<void> {
  const { db } = parts;
  const users = await seedAccounts(db);
  const venues = new Map<string, { venueId: string; planId: string }>();
  for (const hall of HALLS) {
    const id = await seedHall(db, hall, users.organizer, parts.say);
    venues.set(hall.key, id);
  }
  for (const evening of PROGRAMME) {
    const hall = HALLS.find(({ key }) => key === evening.hall);
    const place = venues.get(evening.hall);
    if (!hall || !place) throw new Error(`the programme names an unknown hall: ${evening.hall}`);
    await db.transaction((sql) => seedEvening(sql, evening, hall, place, users));
  }
}

interface Users {
  organizer: string;
  crowd: string[];
}

async function seedAccounts(db: Database): Promise<Users> {
  const known = await db.query<{ id: string; email: string }>(
    `select id, email from app_user where email like '%@sample.com' or email like '%@crowd.invalid' order by email`
  );
  if (known.rows.length === 0) {
    const passwordHash = await createPasswords().hash(PASSWORD);
    await db.transaction(async (sql) => {
      for (const { email, name, role } of ACCOUNTS) {
        await sql.query(`insert into app_user (id, email, name, role, password_hash) values ($1, $2, $3, $4, $5)`, [
          randomUUID(),
          email,
          name,
          role,
          passwordHash
        ]);
      }
      await sql.query(
        `insert into staff_member (organizer_id, user_id)
         select o.id, s.id from app_user o, app_user s where o.email = 'organizer@sample.com' and s.email = 'staff@sample.com'`
      );
      // The people who were there first. Nobody can sign in as one of them: no hash begins like this.
      await sql.query(
        `insert into app_user (id, email, name, password_hash)
         select gen_random_uuid(), 'buyer' || n || '@crowd.invalid', 'Early Bird ' || n, '!' from generate_series(1, ${CROWD}) n`
      );
    });
    return seedAccounts(db);
  }
  const organizer = known.rows.find(({ email }) => email === 'organizer@sample.com');
  if (!organizer) throw new Error('the demo’s organizer is missing: the data are not the demo’s own');
  return {
    organizer: organizer.id,
    crowd: known.rows.filter(({ email }) => email.endsWith('@crowd.invalid')).map(({ id }) => id)
  };
}

async function seedHall(db: Database, hall: Hall, organizer: string, say?: (line: string) => void) {
  const found = await db.query<{ venue_id: string; plan_id: string }>(
    `select v.id as venue_id, p.id as plan_id from venue v join seating_plan p on p.venue_id = v.id where v.slug = $1`,
    [hall.key]
  );
  const known = found.rows[0];
  if (known) return { venueId: known.venue_id, planId: known.plan_id };

  say?.(`Building ${hall.name} (${hall.size.toLocaleString('en')} places) …`);
  const plan = generatePlan(hall.size);
  const [venueId, planId] = [newId(), newId()];
  await db.transaction(async (sql) => {
    await sql.query(
      `insert into venue (id, organizer_id, slug, name, address, city, country, time_zone)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [venueId, organizer, hall.key, hall.name, hall.address, hall.city, hall.country, hall.timeZone]
    );
    await replaceRooms(sql, venueId, [], hall.rooms);
    await insertPlan(sql, { id: planId, organizerId: organizer, venueId, room: hall.rooms[0] ?? null }, plan);
  });
  return { venueId, planId };
}

async function seedEvening(
  sql: Sql,
  evening: Evening,
  hall: Hall,
  place: { venueId: string; planId: string },
  users: Users
) {
  const found = await sql.query<{ id: string; upcoming: number }>(
    `select e.id, (select count(*) from show s where s.event_id = e.id and s.starts_at > now()) as upcoming
       from event e where e.slug = $1`,
    [evening.slug]
  );
  const known = found.rows[0];
  if (known && known.upcoming > 0) return;
  const eventId = known?.id ?? newId();
  if (!known) {
    await sql.query(
      `insert into event (id, organizer_id, slug, kind, title, performers, description, duration_min, rating, tags, banner)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        ...[eventId, users.organizer, evening.slug, evening.kind, evening.title, evening.performers],
        ...[evening.description, evening.minutes, evening.rating, evening.tags, `/banners/${evening.slug}.svg`]
      ]
    );
  }
  const plan = generatePlan(hall.size);
  for (const [n, { inDays, at }] of evening.shows.entries()) {
    const showId = newId();
    await sql.query(
      `insert into show (id, event_id, venue_id, plan_id, starts_at, doors_at, sale_opens_at, sale_closes_at,
                         seats_per_buyer, currency)
       select $1, $2, $3, $4, t.at, t.at - interval '45 minutes', now() - interval '7 days', t.at, 8, $5
         from (select (((now() at time zone $6)::date + $7::int) + $8::time) at time zone $6 as at) t`,
      [showId, eventId, place.venueId, place.planId, hall.currency, hall.timeZone, inDays, at]
    );
    for (const [t, tier] of plan.tiers.entries()) {
      await sql.query('insert into show_tier (show_id, tier, name, ordinal, price) values ($1, $2, $3, $4, $5)', [
        ...[showId, tier.id, tier.name, tier.ordinal, evening.prices[t] ?? evening.prices.at(-1)]
      ]);
    }
    if (evening.pricing) await writePricing(sql, showId, evening.pricing);
    if (evening.promo) await allowPromo(sql, users.organizer, evening.promo, showId);
    const groups = chooseGroups(plan, evening.sold * (n === 0 ? 1 : 0.4), `${evening.slug}${n}`);
    await bookGroups(sql, { id: showId, planId: place.planId, currency: hall.currency }, groups, users.crowd);
    await blockCorner(sql, showId, place.planId, plan);
  }
}

/** The code of an evening holds for each of its shows, also for those that a later start adds. */
async function allowPromo(sql: Sql, organizer: string, { code, share }: { code: string; share: number }, show: string) {
  await sql.query(
    `insert into promo_code (id, organizer_id, code, share, every_show, uses_per_user) values ($1, $2, $3, $4, false, 2)
     on conflict on constraint one_code_per_organizer do nothing`,
    [newId(), organizer, code, share]
  );
  await sql.query(
    `insert into promo_show (promo_id, show_id) select id, $3 from promo_code where organizer_id = $1 and code = $2`,
    [organizer, code, show]
  );
}

/** A few seats behind the mixing desk are never sold. */
async function blockCorner(sql: Sql, showId: string, planId: string, plan: Plan) {
  const last = plan.rows.at(-1);
  if (!last) return;
  await sql.query(
    `insert into seat_block (show_id, plan_id, seat_index, reason)
     select $1, $2, n, 'mixing desk' from generate_series($3::int, $3::int + 3) n
      where not exists (select 1 from booking_seat b where b.show_id = $1 and b.seat_index = n and b.live)`,
    [showId, planId, last.first + Math.floor(last.count / 2)]
  );
}
