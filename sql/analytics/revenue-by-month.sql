-- How does revenue develop from month to month?
-- Parameters: none
-- Columns: year integer, month integer, transactions bigint, customers bigint,
--   revenue decimal(38,2)
-- Order: by month
SELECT
  year,
  month,
  count(*) AS transactions,
  count(DISTINCT customer_id) AS customers,
  sum(total_amount) AS revenue
FROM transactions
GROUP BY year, month
ORDER BY year, month
