/** Whether this runs from its TypeScript sources (development, tests), not from what is built of them. */
export const FROM_SOURCES = import.meta.url.endsWith('.ts');
