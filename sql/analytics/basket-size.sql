-- How much does a customer buy at a time?
-- Parameters: none
-- Columns: products bigint, baskets bigint, share_percent double, average_units double,
--   average_amount decimal(38,2), smallest_amount decimal(38,2), largest_amount decimal(38,2)
-- Order: by number of products
--
-- A basket is what one customer bought on one day; it has as many products as different ones.
WITH baskets AS (
  SELECT
    count(DISTINCT product_id) AS products,
    sum(quantity) AS units,
    sum(total_amount) AS amount
  FROM transactions
  GROUP BY customer_id, CAST(timestamp AS date)
),
sizes AS (
  SELECT
    products,
    count(*) AS baskets,
    sum(units) AS units,
    sum(amount) AS amount,
    min(amount) AS smallest_amount,
    max(amount) AS largest_amount
  FROM baskets
  GROUP BY products
)
SELECT
  products,
  baskets,
  round(CAST(100 * baskets AS double) / NULLIF(sum(baskets) OVER (), 0), 2) AS share_percent,
  round(CAST(units AS double) / NULLIF(baskets, 0), 2) AS average_units,
  CAST(round(CAST(amount AS double) / NULLIF(baskets, 0), 2) AS decimal(38, 2)) AS average_amount,
  smallest_amount,
  largest_amount
FROM sizes
ORDER BY products
