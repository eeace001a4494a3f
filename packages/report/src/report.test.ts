import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barChart, facts, folded, intervalChart, lineChart, page, paragraph, scatterChart, table } from './index.ts';

const options = { title: 'Worth', xLabel: 'day', yLabel: 'worth' };

describe('charts', () => {
  it('never draw what is no number', () => {
    const small = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    const column = fc.array(fc.oneof(small, fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 0)), {
      minLength: 3,
      maxLength: 3,
    });
    fc.assert(
      fc.property(column, column, column, (x, y, lower) => {
        const series = [{ name: 'one', x, y, lower, upper: y }];
        const points = y.map((at, i) => ({ value: at, lower: lower[i]!, upper: at }));
        const groups = ['a', 'b', 'c'];
        for (const drawing of [
          lineChart(series, { ...options, reference: 1, diagonal: true }),
          scatterChart(series, options),
          barChart(groups, [{ name: 'one', values: y }], options),
          intervalChart(groups, points, { ...options, reference: 0.8 }),
        ])
          expect(drawing).not.toMatch(/NaN|Infinity/);
      }),
    );
  });

  it('say so when there is nothing to draw', () => {
    expect(lineChart([{ name: 'a', x: [1], y: [Number.NaN] }], options)).toBe(
      '<p class="soft">Worth: no data yet.</p>',
    );
  });

  it('draw bars as high as their values', () => {
    const drawing = barChart(['jan', 'feb'], [{ name: 'n', values: [2, 4] }], options);
    const heights = [...drawing.matchAll(/<rect [^>]*height="([\d.]+)"/g)].map((match) => Number(match[1]));
    expect(heights[1]! / heights[0]!).toBeCloseTo(2, 2);
  });

  it('keep the colour that a series was given, in the drawing and in the legend', () => {
    const series = [
      { name: 'BUY', x: [1, 2], y: [1, 2], colour: 3 },
      { name: 'all', x: [1, 2], y: [2, 3], dashed: true as const },
    ];
    const drawing = lineChart(series, options);
    expect(drawing).toContain('stroke="var(--d)"');
    expect(drawing).toContain('class="key" style="border-color:var(--d)"');
    expect(drawing).toMatch(/stroke="var\(--b\)"[^>]*stroke-dasharray/);
    expect(drawing).toContain('class="key dashed"');
  });

  it('put ticks of days on first days of weeks or months', () => {
    const [first, days] = [Date.UTC(2026, 0, 1) / 86_400_000, 200];
    const x = Array.from({ length: days }, (_, i) => first + i);
    const formatX = (day: number) => new Date(day * 86_400_000).toISOString().slice(0, 10);
    const drawing = lineChart([{ name: 'a', x, y: x }], { ...options, days: true, formatX });
    const ticks = [...drawing.matchAll(/>(2026-\d\d-\d\d)</g)].map((match) => match[1]!);
    expect(ticks.length).toBeGreaterThan(3);
    expect(ticks.every((tick) => tick.endsWith('-01'))).toBe(true);
  });
});

describe('text', () => {
  const nasty = `<script>alert("x")</script> & 'quotes'`;

  it('of files and sources cannot become markup', () => {
    const html = page(nasty, nasty, [
      { title: nasty, html: table([{ title: nasty }], [[nasty]]) + paragraph(nasty) + folded(nasty, '') },
      { title: 'facts', html: facts([{ figure: nasty, text: nasty }]) },
      {
        title: 'chart',
        html: lineChart(
          [
            { name: nasty, x: [1], y: [1] },
            { name: nasty, x: [1], y: [1] },
          ],
          { ...options, title: nasty },
        ),
      },
    ]);
    expect(html).not.toContain('<script');
    expect(html).not.toContain('"x"');
    expect(html).toContain('&lt;script&gt;');
  });

  it('has real minus signs, and no line break before a per cent sign; dates keep their hyphens', () => {
    expect(paragraph('-2.4 % [-3, -1], 2026-01-02')).toBe('<p>\u22122.4\u00a0% [\u22123, \u22121], 2026-01-02</p>');
  });
});

describe('page', () => {
  it('needs nothing from elsewhere, and warns of simulated data', () => {
    const html = page('Title', 'lead', [], 'SIMULATED market');
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/https?:|<script|<link (?!rel="icon" href="data:)/);
    expect(html).toContain('<p class="warn">SIMULATED market</p>');
  });
});
