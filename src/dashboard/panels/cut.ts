import { useEffect, useMemo } from 'preact/hooks';
import type { AnalysisView, Panel, Range } from '../../analysis/types.js';
import { resource } from '../state/resource.js';
import { view } from '../state/view.js';

interface Cut {
  readonly panel: Panel;
  readonly range: Range | null;
}

/** Another cut of a panel's numbers, from an address of its own; the panel of the view without one, and until it is there. */
export function useCut(whole: Panel, address: string | undefined): Cut {
  const chosen = useMemo(() => resource<AnalysisView>(), []);
  const { data } = view;
  useEffect(() => {
    if (address !== undefined) void chosen.load(address);
  }, [address, data.value?.version]);
  const cut = address === undefined ? null : chosen.data.value;
  const panel = cut?.panels[0];
  return cut === null || panel === undefined ? { panel: whole, range: data.value?.range ?? null } : { panel, range: cut.range };
}
