/** What people drop: files, and folders that hold exports. */
export interface Dropped {
  readonly files: readonly File[];
  /** Names of folders that hold none. */
  readonly without: readonly string[];
}

/** What an export is called. */
const EXPORT = /\.(?:json|txt|zip)$/i;

/** The files that were dropped; of a folder, such as Telegram Desktop makes, those right in it that may be exports. */
export async function droppedIn(transfer: DataTransfer): Promise<Dropped> {
  // The list is empty as soon as the event is over.
  const items = [...transfer.items]
    .filter(({ kind }) => kind === 'file')
    .map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const files: File[] = [];
  const without: string[] = [];
  for (const { entry, file } of items) {
    const folder = isFolder(entry) ? entry : null;
    const found = folder === null ? [file] : await filesOf(folder);
    if (folder !== null && found.length === 0) without.push(folder.name);
    files.push(...found.filter((one) => one !== null));
  }
  return { files, without };
}

const isFolder = (entry: FileSystemEntry | null): entry is FileSystemDirectoryEntry => entry?.isDirectory === true;

async function filesOf(folder: FileSystemDirectoryEntry): Promise<File[]> {
  const reader = folder.createReader();
  const next = () => new Promise<FileSystemEntry[]>((resolve) => reader.readEntries(resolve, () => resolve([])));
  const found: File[] = [];
  // Some at a time, until there are no more.
  for (let some = await next(); some.length > 0; some = await next())
    for (const entry of some)
      if (entry.isFile && EXPORT.test(entry.name)) {
        const file = await new Promise<File | null>((resolve) => (entry as FileSystemFileEntry).file(resolve, () => resolve(null)));
        if (file !== null) found.push(file);
      }
  return found;
}
