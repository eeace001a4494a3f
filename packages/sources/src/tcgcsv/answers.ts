import * as z from 'zod';
import { figure } from '../ask.ts';

/** `…/products`: what is needed of it. */
export const ProductsSchema = z.object({
  results: z.array(
    z.object({
      productId: z.int(),
      name: z.string(),
      extendedData: z.array(z.object({ name: z.string(), value: z.string().nullish() })).nullish(),
    }),
  ),
});
export type Product = z.infer<typeof ProductsSchema>['results'][number];

/** `…/prices`: one row a product and printing. */
export const PricesSchema = z.object({
  results: z.array(
    z.object({
      productId: z.int(),
      subTypeName: z.string().min(1),
      marketPrice: figure,
      lowPrice: figure,
      midPrice: figure,
      highPrice: figure,
    }),
  ),
});
export type Price = z.infer<typeof PricesSchema>['results'][number];

/** A product's `extendedData` value by name, or undefined. */
export function extended(product: Product, name: string): string | undefined {
  return product.extendedData?.find((entry) => entry.name === name)?.value ?? undefined;
}

/** The UTC moment in `last-updated.txt`, such as `2026-11-20T20:04:11+0000`, or undefined. */
export function parseLastUpdated(text: string): Date | undefined {
  const found = /^\s*(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?\s*$/.exec(text);
  if (found === null) return undefined;
  const zone = (found[3] ?? 'Z').replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const moment = new Date(`${found[1]}T${found[2]}${zone}`);
  return Number.isNaN(moment.getTime()) ? undefined : moment;
}
