-- Which twenty customers have brought in the most since they first bought?
-- Parameters: none
-- Columns: customer_id varchar, transactions bigint, units bigint, lifetime_value decimal(38,2),
--   average_transaction decimal(12,2), first_purchase date, last_purchase date
-- Order: by lifetime value, largest first
WITH customer_totals AS (
  SELECT
    customer_id,
    count(*) AS transactions,
    sum(quantity) AS units,
    sum(total_amount) AS lifetime_value,
    CAST(min(timestamp) AS date) AS first_purchase,
    CAST(max(timestamp) AS date) AS last_purchase
  FROM transactions
  GROUP BY customer_id
)
SELECT
  customer_id,
  transactions,
  units,
  lifetime_value,
  CAST(
    round(CAST(lifetime_value AS double) / NULLIF(transactions, 0), 2) AS decimal(12, 2)
  ) AS average_transaction,
  first_purchase,
  last_purchase
FROM customer_totals
ORDER BY lifetime_value DESC, customer_id
LIMIT 20
