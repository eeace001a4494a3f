/** A printing as part of an id: `1st Edition Holofoil` becomes `1st-edition-holofoil`. */
export function printingSlug(printing: string): string {
  return (
    printing
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'unknown'
  );
}

/** Id of a card that is not on the watch-list, from its TCGplayer product and printing. */
export function productCardId(product: number, printing: string): string {
  return `tcgplayer-${product}-${printingSlug(printing)}`;
}
