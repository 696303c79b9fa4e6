import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { words } from '../words/use.js';

/** A component whose code is fetched when it is first drawn; the room is kept until it is there. */
export function lazy(load: () => Promise<ComponentType>): ComponentType {
  let ready: ComponentType | undefined;
  return function Lazy() {
    const [Loaded, setLoaded] = useState<ComponentType | undefined>(() => ready);
    useEffect(() => {
      if (Loaded !== undefined) return;
      void load().then((component) => {
        ready = component;
        setLoaded(() => component);
      });
    }, []);
    return Loaded === undefined ? <div class="waiting" role="status" aria-label={words.value.loading} /> : <Loaded />;
  };
}
