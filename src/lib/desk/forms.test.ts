import { describe, expect, it } from 'vitest';
import { eventForm } from './event-form.ts';
import { runForm } from './run-form.ts';
import { showForm, showValues } from './show-form.ts';

const show = {
  ...{ id: 'aaaaaaaaaaaa', sale: 'open' as const, seatsPerBuyer: 8, currency: 'JPY', booked: 0, version: 3 },
  event: { id: 'eeeeeeeeeeee', slug: 'e', title: 'E', kind: 'movie' as const },
  venue: { id: 'vvvvvvvvvvvv', name: 'V', room: null, city: 'Berlin', timeZone: 'Europe/Berlin' },
  plan: { id: 'pppppppppppp', name: 'P', capacity: 120 },
  ...{ startsAt: '2031-12-12T18:30:42.000Z', doorsAt: null, saleOpensAt: '2031-01-01T08:00:00.000Z' },
  saleClosesAt: '2031-12-12T18:30:42.000Z',
  ...{ refundUntilMin: 1440, cancelled: null },
  ...{ roomPerMinute: 120, roomMinutes: 10, seatsPerNetwork: null, coolDownSeconds: 60 },
  tiers: [{ tier: 'floor', name: 'Floor', ordinal: 0, price: 2400 }],
  ticketTypes: [
    { id: 'adult', name: 'Adult', share: 10_000 },
    { id: 'student', name: 'Student', price: 1200 }
  ],
  fees: [{ name: 'Booking fee', perTicket: 150, share: 250, perBooking: 0 }],
  tax: { name: 'VAT', share: 1950, included: false }
};
const plan = { ...show.plan, venue: show.venue, tiers: [{ id: 'floor', name: 'Floor', ordinal: 0 }] };
const wrong = (form: { schema: typeof eventForm.schema }, values: Record<string, string>) =>
  (form.schema.safeParse(values).error?.issues ?? []).map(({ path, message }) => [path.join('.'), message]);

describe('the form of a show', () => {
  it('says the same show when nothing was touched, to the second', () => {
    expect(showForm(show).body(showValues(show))).toEqual({
      ...{ startsAt: show.startsAt, doorsAt: null, saleOpensAt: show.saleOpensAt, saleClosesAt: show.saleClosesAt },
      ...{ currency: 'JPY', prices: { floor: 2400 }, seatsPerBuyer: 8, refundUntilMin: 1440 },
      ...{ ticketTypes: show.ticketTypes, fees: show.fees, tax: show.tax },
      ...{ roomPerMinute: 120, roomMinutes: 10, seatsPerNetwork: null, coolDownSeconds: 60 }
    });
  });

  it('reads times by the clock of the venue and prices by the currency', () => {
    const values = { ...showValues(show), startsAt: '2031-06-01T20:00', currency: 'EUR', 'price-floor': '24,5' };
    expect(showForm(show).body(values)).toMatchObject({
      ...{ startsAt: '2031-06-01T18:00:00.000Z', prices: { floor: 2450 } }
    });
    expect(wrong(showForm(show), { ...values, startsAt: '2031-03-30T02:30', 'price-floor': '1.005' })).toEqual([
      ['price-floor', 'is not an amount of EUR'],
      ['startsAt', 'is not a time on the clock there']
    ]);
  });
});

describe('the form of a run', () => {
  const values = {
    ...{ firstDate: '2031-12-12', lastDate: '2031-12-14', times: '15:00; 19:30', currency: 'EUR' },
    ...{ 'price-floor': '20', seatsPerBuyer: '4', 'weekday-6': 'on', closesBefore: '' }
  };
  it('is days by times of day, on the weekdays that were chosen', () => {
    expect(runForm(show.event.id, plan).body(values)).toMatchObject({
      ...{ dates: ['2031-12-13'], times: ['15:00', '19:30'], closesBefore: 0, doorsBefore: null }
    });
  });

  it('says at its field what is wrong, once', () => {
    const form = runForm(show.event.id, plan);
    expect(wrong(form, { ...values, firstDate: '', times: 'noon, 25:00', doorsBefore: 'x' })).toEqual([
      ['firstDate', 'is missing'],
      ['times', 'is not a time of day, such as 19:30'],
      ['doorsBefore', 'must be a number of minutes']
    ]);
    expect(wrong(form, { ...values, lastDate: '2032-12-14', 'weekday-6': '' })).toEqual([
      ['firstDate', 'and times make more than 200 shows']
    ]);
  });
});

describe('the form of an event', () => {
  it('takes tags between commas and says when a number is none', () => {
    const values = { title: 'T', kind: 'movie', tags: ' loud,, late ', durationMin: '90' };
    expect(eventForm.body(values)).toMatchObject({ tags: ['loud', 'late'], durationMin: 90 });
    expect(wrong(eventForm, { ...values, durationMin: 'soon', tags: 'a, A' })).toEqual([
      ['durationMin', 'must be a number of minutes'],
      ['tags', 'names one twice']
    ]);
  });
});
