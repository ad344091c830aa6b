-- What does each category bring in each month, and in all?
-- Parameters: none
-- Columns: level varchar, month_start date, category varchar, transactions bigint,
--   revenue decimal(38,2)
-- Order: by month, and there by category; the total of a month after its categories, the grand
--   total at the end
--
-- level says what a row is of: category (of one month), month (all categories) or total.
WITH months AS (
  SELECT
    CAST(date_trunc('month', timestamp) AS date) AS month_start,
    category,
    total_amount
  FROM transactions
)
SELECT
  CASE grouping(month_start, category)
    WHEN 0 THEN 'category'
    WHEN 1 THEN 'month'
    ELSE 'total'
  END AS level,
  month_start,
  category,
  count(*) AS transactions,
  sum(total_amount) AS revenue
FROM months
GROUP BY ROLLUP (month_start, category)
HAVING count(*) > 0
ORDER BY month_start NULLS LAST, category NULLS LAST
