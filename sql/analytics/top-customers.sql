-- Which twenty customers have brought in the most since they first bought?
-- Parameters: none
-- Columns: customer_id varchar, transactions bigint, units bigint, lifetime_value decimal(38,2),
--   average_transaction decimal(12,2), first_purchase date, last_purchase date
-- Order: by lifetime value, largest first
SELECT
  customer_id,
  count(*) AS transactions,
  sum(quantity) AS units,
  sum(total_amount) AS lifetime_value,
  CAST(
    round(CAST(sum(total_amount) AS double) / NULLIF(count(*), 0), 2) AS decimal(12, 2)
  ) AS average_transaction,
  CAST(min(timestamp) AS date) AS first_purchase,
  CAST(max(timestamp) AS date) AS last_purchase
FROM transactions
GROUP BY customer_id
ORDER BY lifetime_value DESC, customer_id
LIMIT 20
