// What embed.html and the page around it say to each other.

/** From the frame: so high is what it shows, in CSS pixels. */
export const resizeType = 'rnn-elements:resize';

/** From the frame: one of the library's events, by its name, with its detail as JSON has it. */
export const eventType = 'rnn-elements:event';

/** To the frame: tell your height, as if it were new. */
export const askType = 'rnn-elements:ask';

/** A field of something that anybody may have sent. */
export function field(data: unknown, name: string): unknown {
  return typeof data === 'object' && data !== null
    ? (data as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
