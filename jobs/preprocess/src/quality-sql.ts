/** A quote is an outlier when it is more than this many times above or below the median of the seven quotes before. */
const OUTLIER_RATIO = 2.5;
/** ... unless the median listing of the same day is within this ratio of it: then the market has really moved. */
const CONFIRMED_RATIO = 2;
/** Quotes repeated to the cent in all four figures are stale from this day of the run on. */
const STALE_DAYS = 6;
/** The same where a source has no listings, and the market price alone repeats (smoothed figures do that). */
const STALE_DAYS_NO_LISTINGS = 21;

/**
 * Table `sorted_out`: every raw row with the reason it cannot be in the panel (`excluded`), or null. Of several
 * observations of one card and day the latest counts; the earlier ones are duplicates or were corrected.
 */
export const SORT_OUT_SQL = `
  create table sorted_out as
  with judged as (
    select r.*, case
        when r.printing <> i.printing then 'wrong_printing'
        when r.currency <> i.currency then 'other_currency'
        when r.condition <> '' and not starts_with(lower(r.condition), lower(i.condition)) then 'other_condition'
        when r.price_date > r.observed_at::date then 'future_date'
        when r.market is null then 'no_market'
      end as reason
    from raw r left join identity i using (card_id)
  ), ranked as (
    select *, case when reason is null then row_number() over newest_first end as rank,
      first_value(struct_pack(market, low, mid, high)) over newest_first as winner
    from judged
    window newest_first as (partition by card_id, price_date, reason is null order by observed_at desc, run_id desc, market, low, mid, high)
  )
  select * exclude (reason, rank, winner), case
      when reason is not null then reason
      when rank = 1 then null
      when struct_pack(market, low, mid, high) is not distinct from winner then 'duplicate'
      else 'corrected'
    end as excluded
  from ranked;`;

/**
 * Table `daily`: one row a card and day, with its flags and descriptive features. Each row is made from its own day
 * and earlier days only.
 */
export const DAILY_SQL = `
  create table daily as
  with quotes as (
    select card_id, price_date as date, market, low, mid, high, volume from sorted_out where excluded is null
  ), stepped as (
    select *,
      date - lag(date) over by_card as step_days,
      median(market) over (partition by card_id order by date rows between 7 preceding and 1 preceding) as reference,
      struct_pack(market, low, mid, high) is distinct from lag(struct_pack(market, low, mid, high)) over by_card as moved,
      market is distinct from lag(market) over by_card as market_moved
    from quotes window by_card as (partition by card_id order by date)
  ), runs as (
    select *, sum(moved::integer) over by_card as run, sum(market_moved::integer) over by_card as market_run
    from stepped window by_card as (partition by card_id order by date rows unbounded preceding)
  ), judged as (
    select *,
      row_number() over (partition by card_id, run order by date) as same_quotes,
      date - min(date) over (partition by card_id, market_run) as days_unchanged,
      reference is not null and abs(ln(market / reference)) > ln(${OUTLIER_RATIO})
        and (mid is null or abs(ln(mid / market)) > ln(${CONFIRMED_RATIO})) as outlier
    from runs
  ), cleaned as (
    select *, case when outlier then null else market end as good from judged
  ), windows as (
    select *, ln(good / lag(good ignore nulls) over by_card) as step_return,
      last_value(good ignore nulls) over (partition by card_id order by date range between unbounded preceding and interval 7 days preceding) as good_7,
      last_value(good ignore nulls) over (partition by card_id order by date range between unbounded preceding and interval 30 days preceding) as good_30,
      avg(good) over (partition by card_id order by date rows between 2 preceding and current row) as mean_3_quotes
    from cleaned window by_card as (partition by card_id order by date)
  )
  select card_id, date, market, low, mid, high, volume,
    list_filter([
      case when outlier then 'outlier' end,
      case when same_quotes >= case when low is null and mid is null then ${STALE_DAYS_NO_LISTINGS} else ${STALE_DAYS} end then 'stale' end,
      case when step_days > 1 then 'after_gap' end,
      case when low is null and mid is null then 'no_listings' end
    ], f -> f is not null) as flags,
    coalesce(step_days, 0) as days_since_previous,
    days_unchanged,
    mean_3_quotes,
    ln(good / good_7) as return_7d,
    ln(good / good_30) as return_30d,
    stddev_samp(step_return) over (partition by card_id order by date range between interval 29 days preceding and current row) as volatility_30d,
    mid / market as mid_over_market,
    low / market as low_over_market
  from windows
  order by card_id, date;`;
