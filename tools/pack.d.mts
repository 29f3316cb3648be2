/** Writes the tarball of the package into `folder` and returns its path. */
export function pack(folder: string): string;
