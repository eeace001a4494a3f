/** A quote is an outlier when it is more than this many times above or below the median of the seven quotes before. */
const OUTLIER_RATIO = 2.5;
/** ... unless the median listing of the same day is within this ratio of it: then the market has really moved. */
const CONFIRMED_RATIO = 2;
/** Quotes repeated to the cent in all four figures are stale from this day of the run on. */
const STALE_DAYS = 6;
/** The same where a source has no listings, and the market price alone repeats (smoothed figures do that). */
const STALE_DAYS_NO_LISTINGS = 21;

/** Flags of the panel as bits of `packed.daily.bits`, until they are written out by name. */
const BITS = { outlier: 1, stale: 2, after_gap: 4, no_listings: 8 } as const;

/**
 * Table `quotes`: of the raw rows that `range` (a condition on `card_id`) names, those that are in the panel, with
 * `card` from `identity` and `day` (days since 1970-01-01). Of several observations of one card and day the latest
 * counts; the earlier ones are duplicates or were corrected. What is kept out is counted in `excluded`, by reason.
 * Few days are observed more than once, so only those are ranked.
 */
export function sortOutSql(range: string): string[] {
  return [
    `create or replace table judged as
      select i.card, r.price_date - date '1970-01-01' as day, r.observed_at, r.run_id, r.market, r.low, r.mid, r.high, r.volume, case
          when r.printing <> i.printing then 'wrong_printing'
          when r.currency <> i.currency then 'other_currency'
          when r.condition <> '' and not starts_with(lower(r.condition), lower(i.condition)) then 'other_condition'
          when r.price_date > r.observed_at::date then 'future_date'
          when r.market is null then 'no_market'
        end as reason
      from raw r left join identity i using (card_id) where ${range}`,
    `create or replace table repeated as
      select card, day from judged where reason is null group by card, day having count(*) > 1`,
    `create or replace table ranked as
      select *, row_number() over newest_first as rank,
        first_value(struct_pack(market, low, mid, high)) over newest_first as winner
      from judged semi join repeated using (card, day) where reason is null
      window newest_first as (partition by card, day order by observed_at desc, run_id desc, market, low, mid, high)`,
    `insert into excluded
      select reason from judged where reason is not null
      union all
      select case when struct_pack(market, low, mid, high) is not distinct from winner then 'duplicate' else 'corrected' end
      from ranked where rank > 1`,
    `create or replace table quotes as
      select card, day, market, low, mid, high, volume from judged anti join repeated using (card, day) where reason is null
      union all select card, day, market, low, mid, high, volume from ranked where rank = 1`,
  ];
}

/**
 * Tables that all ranges add to. `packed` is compressed memory: a catalogue of 50,000 cards and a year takes 0.7 GB.
 */
export const TABLES_SQL = [
  `attach ':memory:' as packed (compress)`,
  `create table packed.daily (card integer, day integer, market double, low double, mid double, high double, volume double,
    bits usmallint, days_since_previous integer, days_unchanged integer, mean_3_quotes double, return_7d double,
    return_30d double, volatility_30d double)`,
  'create table excluded (flag varchar)',
];

/** Seven lags are found faster than a moving frame; the median skips those that are missing. */
const SEVEN_BEFORE = [1, 2, 3, 4, 5, 6, 7].map((days) => `lag(market, ${days}) over by_card`).join(', ');

/**
 * Adds to `packed.daily` one row for each of `quotes`, with its flags and descriptive features, by card and day. Each
 * row is made from its own day and earlier days only. All windows have one order, so that rows are sorted only once a step.
 */
export const DAILY_SQL = [
  `insert into packed.daily
    with stepped as (
      select *,
        day - lag(day) over by_card as step_days,
        row_number() over by_card as place,
        list_median([${SEVEN_BEFORE}]) as reference,
        struct_pack(market, low, mid, high) is distinct from lag(struct_pack(market, low, mid, high)) over by_card as moved,
        market is distinct from lag(market) over by_card as market_moved
      from quotes window by_card as (partition by card order by day)
    ), judged as (
      select *, reference is not null and abs(ln(market / reference)) > ln(${OUTLIER_RATIO})
          and (mid is null or abs(ln(mid / market)) > ln(${CONFIRMED_RATIO})) as outlier
      from stepped
    ), cleaned as (
      select *, case when outlier then null else market end as good, low is null and mid is null as bare from judged
    ), windows as (
      select *,
        place - max(case when moved then place end) over by_card + 1 as same_quotes,
        day - max(case when market_moved then day end) over by_card as days_unchanged,
        ln(good / lag(good ignore nulls) over by_card) as step_return,
        last_value(good ignore nulls) over (partition by card order by day range between unbounded preceding and 7 preceding) as good_7,
        last_value(good ignore nulls) over (partition by card order by day range between unbounded preceding and 30 preceding) as good_30,
        avg(good) over (partition by card order by day rows between 2 preceding and current row) as mean_3_quotes
      from cleaned window by_card as (partition by card order by day)
    )
    select card, day, market, low, mid, high, volume,
      case when outlier then ${BITS.outlier} else 0 end
        + case when same_quotes >= case when bare then ${STALE_DAYS_NO_LISTINGS} else ${STALE_DAYS} end then ${BITS.stale} else 0 end
        + case when step_days > 1 then ${BITS.after_gap} else 0 end
        + case when bare then ${BITS.no_listings} else 0 end as bits,
      coalesce(step_days, 0) as days_since_previous,
      days_unchanged,
      mean_3_quotes,
      ln(good / good_7) as return_7d,
      ln(good / good_30) as return_30d,
      stddev_samp(step_return) over (partition by card order by day range between 29 preceding and current row) as volatility_30d
    from windows
    order by card, day`,
  // Only a checkpoint compresses.
  'checkpoint packed',
];

/** The rows of `packed.daily` as they are published, in their order. */
export const PUBLISHED_DAILY_SQL = `
  select card_id, date '1970-01-01' + day as date, market, low, mid, high, volume,
    list_filter([${Object.entries(BITS)
      .map(([flag, bit]) => `case when bits & ${bit} > 0 then '${flag}' end`)
      .join(', ')}], f -> f is not null) as flags,
    days_since_previous::bigint as days_since_previous,
    days_unchanged::bigint as days_unchanged,
    mean_3_quotes, return_7d, return_30d, volatility_30d,
    mid / market as mid_over_market,
    low / market as low_over_market
  from packed.daily join identity using (card)`;

/** How many rows have which flag, those kept out included. */
export const FLAG_COUNTS_SQL = `
  ${Object.entries(BITS)
    .map(([flag, bit]) => `select '${flag}' as flag, count(*)::integer as n from packed.daily where bits & ${bit} > 0`)
    .join(' union all ')}
  union all select flag, count(*)::integer as n from excluded group by flag`;
