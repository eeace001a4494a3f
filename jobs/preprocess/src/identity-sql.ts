import type { CardFacts } from '@pokewatch/contracts';
import { literal } from '@pokewatch/store';

/** Which printing, currency and condition a watched card means. */
export interface WatchedIdentity extends CardFacts {
  readonly condition: string;
}

/**
 * Table `watched` with the identities of the watch-list, and table `identity` with the printing, currency and condition
 * of every card: the watch-list's, else what the source quoted first (ties by name). First, not most often: what is
 * known later must not change what a card meant earlier. `card` numbers the cards in the order of their ids.
 */
export function identitySql(watched: readonly WatchedIdentity[]): string[] {
  const columns = [
    'card_id',
    'name',
    'set_name',
    'number',
    'rarity',
    'printing',
    'language',
    'currency',
    'condition',
  ] as const;
  const rows = watched.map((card) => `(${columns.map((column) => literal(card[column])).join(', ')})`);
  const values =
    rows.length > 0 ? `values ${rows.join(', ')}` : `select ${columns.map(() => "''").join(', ')} where false`;
  return [
    `create table watched as select * from (${values}) t(${columns.join(', ')})`,
    `create table identity as
    with first_printing as (
      select card_id, min(struct_pack(d := price_date, p := printing)).p as printing from raw where market is not null group by card_id
    ), first_rest as (
      select card_id, min(struct_pack(d := price_date, u := currency <> 'USD', c := currency)).c as currency,
        min(struct_pack(d := price_date, n := condition <> 'Near Mint', c := condition)).c as condition
      from raw join first_printing using (card_id, printing) where market is not null group by card_id
    )
    select p.card_id, (row_number() over (order by p.card_id))::integer as card, coalesce(w.printing, p.printing) as printing,
      coalesce(w.currency, r.currency) as currency, coalesce(w.condition, r.condition) as condition
    from first_printing p join first_rest r using (card_id) left join watched w using (card_id)`,
  ];
}

/**
 * Table `card_facts`: name, set and so on of every card in the panel, from the newest observation of the source; the
 * watch-list's own name, number and rarity go first, because people know the card by them.
 */
export const CARD_FACTS_SQL = `
  create table card_facts as
  with newest as (
    select card_id, arg_max(struct_pack(name := c.name, set_name := c.set_name, number := c.number, rarity := c.rarity, language := c.language), struct_pack(m := c.printing = i.printing, o := c.observed_at, r := c.run_id)) as facts
    from raw_cards c join identity i using (card_id) group by card_id
  )
  select i.card_id, coalesce(w.name, n.facts.name, i.card_id) as name, coalesce(n.facts.set_name, w.set_name, '') as set_name,
    coalesce(w.number, n.facts.number, '') as number, coalesce(w.rarity, n.facts.rarity, '') as rarity, i.printing,
    coalesce(w.language, n.facts.language, '') as language, i.currency
  from identity i left join newest n using (card_id) left join watched w using (card_id)
  where i.card in (select card from packed.daily)
  order by i.card_id;`;
