/** The fields of an event's form as the body that `eventBody` checks. */
export const eventIn = (values: Record<string, string>) => ({
  ...{ title: values['title'], kind: values['kind'], performers: values['performers'] },
  ...{ description: values['description'], rating: values['rating'] },
  durationMin: values['durationMin']?.trim() ? Number(values['durationMin']) : null,
  tags: (values['tags'] ?? '')
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '')
});
