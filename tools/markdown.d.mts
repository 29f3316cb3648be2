/** See markdown.mjs. */
export function section(
  file: string,
  name: string,
  text: string,
  options?: { check?: boolean },
): Promise<boolean>;
