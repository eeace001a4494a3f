import { type PanelOptions, type Sized, sized } from './panel.ts';

interface LineOptions extends PanelOptions {
  /** Areas that add up. */
  readonly stacked?: true;
  /** Steps rather than slopes, for states. */
  readonly steps?: true;
  /** Names of series that are drawn dashed: what others are read beside. */
  readonly dashed?: string;
}

/** Lines over time; thresholds are drawn as lines. */
export function lines(said: LineOptions): Sized {
  const { stacked, steps, dashed, thresholds } = said;
  return sized(said, {
    type: 'timeseries',
    asked: 'range',
    options: {
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
    custom: {
      drawStyle: 'line',
      lineWidth: 1,
      fillOpacity: stacked ? 30 : 5,
      showPoints: 'auto',
      lineInterpolation: steps ? 'stepAfter' : 'linear',
      stacking: { mode: stacked ? 'normal' : 'none', group: 'A' },
      thresholdsStyle: { mode: thresholds === undefined ? 'off' : 'dashed' },
    },
    overrides: dashed === undefined ? [] : [dashedSeries(dashed)],
  });
}

function dashedSeries(pattern: string): object {
  return {
    matcher: { id: 'byRegexp', options: pattern },
    properties: [{ id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 6] } }],
  };
}

/** Numbers that are read at a glance, coloured by thresholds. */
export function numbers(said: PanelOptions & { readonly words?: Readonly<Record<string, string>> }): Sized {
  return sized(
    { height: 4, width: 4, ...said },
    {
      type: 'stat',
      asked: 'newest',
      options: {
        colorMode: 'value',
        graphMode: 'none',
        justifyMode: 'auto',
        orientation: 'auto',
        textMode: 'auto',
        wideLayout: true,
        showPercentChange: false,
        percentChangeColorMode: 'standard',
        reduceOptions: { values: false, calcs: ['lastNotNull'], fields: '' },
      },
      mappings: wordsFor(said.words),
    },
  );
}

/** A number whose series names are what is read, such as versions. */
export function names(said: PanelOptions): Sized {
  const base = numbers(said);
  return { ...base, panel: { ...base.panel, options: { ...base.panel.options, textMode: 'name', colorMode: 'none' } } };
}

function wordsFor(words: Readonly<Record<string, string>> = {}): object[] {
  const options = Object.fromEntries(
    Object.entries(words).map(([value, text], index) => [value, { text, index }] as const),
  );
  return Object.keys(options).length === 0 ? [] : [{ type: 'value', options }];
}

/** A column of a table: what it is called, and in which unit it is told. */
export interface Column {
  readonly field: string;
  readonly title: string;
  readonly unit?: string;
  readonly thresholds?: PanelOptions['thresholds'];
}

/** A row for each combination of labels; values of several queries stand side by side. Columns that are not named are left out. */
export function table(said: PanelOptions & { readonly columns: readonly Column[] }): Sized {
  const { columns } = said;
  const order = Object.fromEntries(columns.map(({ field }, i) => [field, i]));
  const titles = Object.fromEntries(columns.map(({ field, title }) => [field, title]));
  return sized(
    { width: 12, ...said },
    {
      type: 'table',
      asked: 'table',
      options: {
        frameIndex: 0,
        showHeader: true,
        cellHeight: 'sm',
        footer: { show: false, reducer: [], countRows: false },
      },
      custom: { align: 'auto', cellOptions: { type: 'auto' }, inspect: false },
      overrides: columns.flatMap(columnOverride),
      transformations: [
        { id: 'merge', options: {} },
        { id: 'filterFieldsByName', options: { include: { names: columns.map(({ field }) => field) } } },
        { id: 'organize', options: { excludeByName: {}, indexByName: order, renameByName: titles } },
      ],
    },
  );
}

function columnOverride({ title, unit, thresholds }: Column): object[] {
  if (unit === undefined && thresholds === undefined) return [];
  const properties = [
    ...(unit === undefined ? [] : [{ id: 'unit', value: unit }]),
    ...(thresholds === undefined
      ? []
      : [
          { id: 'thresholds', value: { mode: 'absolute', steps: thresholds } },
          { id: 'custom.cellOptions', value: { type: 'color-text' } },
        ]),
  ];
  return [{ matcher: { id: 'byName', options: title }, properties }];
}

/** How often each duration or size was seen, over time. */
export function heatmap(said: PanelOptions): Sized {
  return sized(said, {
    type: 'heatmap',
    asked: 'heatmap',
    options: {
      calculate: false,
      cellGap: 1,
      showValue: 'never',
      color: { mode: 'scheme', scheme: 'Oranges', steps: 64, exponent: 0.5, fill: 'dark-orange', reverse: false },
      cellValues: { unit: 'short' },
      yAxis: { unit: said.unit, axisPlacement: 'left' },
      rowsFrame: { layout: 'auto' },
      tooltip: { mode: 'single', yHistogram: false, showColorScale: false },
      legend: { show: false },
      exemplars: { color: 'rgba(255,0,255,0.7)' },
      filterValues: { le: 1e-9 },
    },
  });
}

/** Bands of states over time. */
export function states(said: PanelOptions): Sized {
  return sized(said, {
    type: 'state-timeline',
    asked: 'range',
    options: {
      mergeValues: true,
      showValue: 'never',
      alignValue: 'left',
      rowHeight: 0.9,
      legend: { displayMode: 'list', placement: 'bottom', showLegend: false, calcs: [] },
      tooltip: { mode: 'single', sort: 'none' },
    },
    custom: { fillOpacity: 80, lineWidth: 0 },
  });
}
