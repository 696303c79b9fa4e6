type List = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

/** Where each list begins in its memory: no list has larger numbers than eight bytes. */
const ALIGNED = 8;

/** The same with its lists in memory that other threads can see, one piece for all of them. Of objects, their lists and numbers alone. */
export function inShared<T extends object>(thing: T): T {
  let size = 0;
  const places = new Map<List, number>();
  each(thing, (list) => {
    places.set(list, size);
    size += Math.ceil(list.byteLength / ALIGNED) * ALIGNED;
    return list;
  });
  const memory = new SharedArrayBuffer(size);
  return each(thing, (list) => {
    const copy = new (list.constructor as Uint8ArrayConstructor)(memory, places.get(list), list.length) as List;
    copy.set(list as Uint8Array);
    return copy;
  });
}

/** The same with each list replaced. */
function each<T extends object>(thing: T, replaced: (list: List) => List): T {
  const entries = Object.entries(thing).map(([name, value]: [string, unknown]) => {
    if (ArrayBuffer.isView(value)) return [name, replaced(value as List)] as const;
    return [name, typeof value === 'object' && value !== null ? each(value, replaced) : value] as const;
  });
  return Object.fromEntries(entries) as T;
}
