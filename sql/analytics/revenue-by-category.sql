-- Which categories bring in the money?
-- Parameters: none
-- Columns: category varchar, transactions bigint, units bigint, revenue decimal(38,2),
--   average_transaction decimal(12,2), smallest_transaction decimal(12,2),
--   largest_transaction decimal(12,2)
-- Order: by revenue, largest first
WITH categories AS (
  SELECT
    category,
    count(*) AS transactions,
    sum(quantity) AS units,
    sum(total_amount) AS revenue,
    min(total_amount) AS smallest_transaction,
    max(total_amount) AS largest_transaction
  FROM transactions
  GROUP BY category
)
SELECT
  category,
  transactions,
  units,
  revenue,
  CAST(
    round(CAST(revenue AS double) / NULLIF(transactions, 0), 2) AS decimal(12, 2)
  ) AS average_transaction,
  smallest_transaction,
  largest_transaction
FROM categories
ORDER BY revenue DESC, category
