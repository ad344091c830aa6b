-- How does each month compare with the month before?
-- Parameters: none
-- Columns: month_start date, days_with_sales bigint, transactions bigint, customers bigint,
--   units bigint, revenue decimal(38,2), previous_revenue decimal(38,2),
--   revenue_change decimal(38,2), change_percent double
-- Order: by month
--
-- The first and the last month may be parts of one: see days_with_sales, and month-to-date.sql.
WITH months AS (
  SELECT
    CAST(date_trunc('month', timestamp) AS date) AS month_start,
    count(DISTINCT CAST(timestamp AS date)) AS days_with_sales,
    count(*) AS transactions,
    count(DISTINCT customer_id) AS customers,
    sum(quantity) AS units,
    sum(total_amount) AS revenue
  FROM transactions
  GROUP BY CAST(date_trunc('month', timestamp) AS date)
)
SELECT
  m.month_start,
  m.days_with_sales,
  m.transactions,
  m.customers,
  m.units,
  m.revenue,
  p.revenue AS previous_revenue,
  m.revenue - p.revenue AS revenue_change,
  round(CAST(100 * (m.revenue - p.revenue) AS double) / NULLIF(p.revenue, 0), 2) AS change_percent
FROM months AS m
LEFT JOIN months AS p ON p.month_start = CAST(m.month_start - INTERVAL '1' MONTH AS date)
ORDER BY m.month_start
