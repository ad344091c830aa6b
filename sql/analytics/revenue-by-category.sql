-- Which categories bring in the money?
-- Parameters: none
-- Columns: category varchar, transactions bigint, units bigint, revenue decimal(38,2),
--   average_transaction decimal(12,2), smallest_transaction decimal(12,2),
--   largest_transaction decimal(12,2)
-- Order: by revenue, largest first
SELECT
  category,
  count(*) AS transactions,
  sum(quantity) AS units,
  sum(total_amount) AS revenue,
  CAST(
    round(CAST(sum(total_amount) AS double) / NULLIF(count(*), 0), 2) AS decimal(12, 2)
  ) AS average_transaction,
  min(total_amount) AS smallest_transaction,
  max(total_amount) AS largest_transaction
FROM transactions
GROUP BY category
ORDER BY revenue DESC, category
