/** Where a show takes place, as people are told: `placeName({ name: 'Opera', room: 'Studio' })` → 'Opera, Studio'. */
export const placeName = ({ name, room }: { name: string; room: string | null }): string =>
  room ? `${name}, ${room}` : name;
