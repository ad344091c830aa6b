-- How many days after the sale do transactions arrive?
-- Parameters: first_date varchar default '2015-01-01', last_date varchar default '2045-12-31'
-- Columns: days_late bigint, transactions bigint, share_percent double,
--   cumulative_percent double, last_arrival date
-- Order: by days late
--
-- Of the objects in the raw zone whose day is from first_date to last_date, the lines of which can
-- be read. The day of the sale is UTC; of a transaction that came several times the first counts.
-- Less than 0 are sales that lie in the future of their arrival: some clock is wrong.
WITH lines AS (
  SELECT
    transaction_id,
    CAST(
      TRY(from_iso8601_timestamp(replace(timestamp, ' ', 'T'))) AT TIME ZONE 'UTC' AS date
    ) AS sale_date,
    CAST(date AS date) AS arrival_date
  FROM raw_transactions_json
  WHERE
    date BETWEEN CAST(? AS varchar) AND CAST(? AS varchar)
    AND transaction_id IS NOT NULL
),
arrivals AS (
  SELECT transaction_id, min(sale_date) AS sale_date, min(arrival_date) AS arrival_date
  FROM lines
  WHERE sale_date IS NOT NULL
  GROUP BY transaction_id
),
delays AS (
  SELECT
    date_diff('day', sale_date, arrival_date) AS days_late,
    count(*) AS transactions,
    max(arrival_date) AS last_arrival
  FROM arrivals
  GROUP BY date_diff('day', sale_date, arrival_date)
)
SELECT
  days_late,
  transactions,
  round(
    CAST(100 * transactions AS double) / NULLIF(sum(transactions) OVER (), 0), 2
  ) AS share_percent,
  round(
    CAST(100 * sum(transactions) OVER (ORDER BY days_late) AS double)
    / NULLIF(sum(transactions) OVER (), 0), 2
  ) AS cumulative_percent,
  last_arrival
FROM delays
ORDER BY days_late
