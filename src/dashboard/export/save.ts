/** Hands a file to the reader. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken it by the next turn; a second is plenty.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** A file's name from a title: letters, digits and dashes. */
export const fileName = (title: string, ending: string): string =>
  `chatlake-${
    title
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 60) || 'export'
  }.${ending}`;
