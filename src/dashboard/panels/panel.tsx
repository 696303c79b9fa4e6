import { BarsPanel, PartsPanel } from './bars.js';
import { Card, type PanelProps } from './card.js';
import { GridPanel, HeatPanel } from './fields.js';
import { drawingFor } from './read.js';
import { ChangePanel, SeriesPanel, StackedSeries, UnitsPanel } from './series.js';
import { PanelTable } from './table.js';

/**
 * A panel drawn as it is placed, or as its columns suggest. The choice does not depend on its rows: a card keeps its menu and
 * its table when the rows go and come back.
 */
export function PanelView(props: PanelProps) {
  const { panel, placing, range } = props;
  switch (placing.drawing ?? drawingFor(panel)) {
    case 'stacked':
      return <StackedSeries {...props} />;
    case 'columns':
      return <SeriesPanel {...props} lines={false} />;
    case 'lines':
      return <SeriesPanel {...props} lines />;
    case 'change':
      return <ChangePanel {...props} />;
    case 'units':
      return <UnitsPanel {...props} />;
    case 'heat':
      return <HeatPanel {...props} />;
    case 'grid':
      return <GridPanel {...props} />;
    case 'bars':
      return <BarsPanel {...props} wash={false} />;
    case 'wash':
      return <BarsPanel {...props} wash />;
    case 'parts':
      return <PartsPanel {...props} />;
    case 'table':
      return (
        <Card panel={panel} placing={placing} range={range}>
          <PanelTable panel={panel} height={placing.height} />
        </Card>
      );
  }
}
