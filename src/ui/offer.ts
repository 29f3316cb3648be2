// Offers a reader something as a file to keep.

/** @param type its media type. */
export function offer(name: string, content: BlobPart, type: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  // browsers begin the download with a later task
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, 1000);
}
