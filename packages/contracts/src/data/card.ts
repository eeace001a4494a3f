/** What is known of a card itself. One printing and one currency each: another printing is another card. */
export interface CardFacts {
  readonly card_id: string;
  readonly name: string;
  readonly set_name: string;
  readonly number: string;
  readonly rarity: string;
  readonly printing: string;
  readonly language: string;
  readonly currency: string;
}
