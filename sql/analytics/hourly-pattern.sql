-- At which hours of the day (UTC) do customers buy?
-- Parameters: none
-- Columns: hour integer, transactions bigint, units bigint, revenue decimal(38,2),
--   share_percent double
-- Order: by hour
--
-- share_percent is the hour's share of all revenue. Hours in which nothing was ever sold are
-- missing.
WITH hours AS (
  SELECT
    hour,
    count(*) AS transactions,
    sum(quantity) AS units,
    sum(total_amount) AS revenue
  FROM transactions
  GROUP BY hour
)
SELECT
  hour,
  transactions,
  units,
  revenue,
  round(CAST(100 * revenue AS double) / NULLIF(sum(revenue) OVER (), 0), 2) AS share_percent
FROM hours
ORDER BY hour
