-- Between which days was nothing sold for longer than it may be?
-- Parameters: days integer default 1
-- Columns: last_date_before date, first_date_after date, days_without_sales bigint
-- Order: by day
--
-- Gaps of at least so many days between two days with sales.
WITH followed AS (
  SELECT
    sales_date AS last_date_before,
    lead(sales_date) OVER (ORDER BY sales_date) AS first_date_after
  FROM daily_sales
),
gaps AS (
  SELECT
    last_date_before,
    first_date_after,
    date_diff('day', last_date_before, first_date_after) - 1 AS days_without_sales
  FROM followed
)
SELECT last_date_before, first_date_after, days_without_sales
FROM gaps
WHERE days_without_sales >= CAST(? AS integer)
ORDER BY last_date_before
