-- How does each week compare with the week before?
-- Parameters: none
-- Columns: week_start date, days_with_sales bigint, transactions bigint, customers bigint,
--   units bigint, revenue decimal(38,2), previous_revenue decimal(38,2),
--   revenue_change decimal(38,2), change_percent double
-- Order: by week
--
-- Weeks begin on Monday, as in ISO 8601. The first and the last week may be parts of one: see
-- days_with_sales.
WITH weeks AS (
  SELECT
    CAST(date_trunc('week', timestamp) AS date) AS week_start,
    count(DISTINCT CAST(timestamp AS date)) AS days_with_sales,
    count(*) AS transactions,
    count(DISTINCT customer_id) AS customers,
    sum(quantity) AS units,
    sum(total_amount) AS revenue
  FROM transactions
  GROUP BY CAST(date_trunc('week', timestamp) AS date)
)
SELECT
  w.week_start,
  w.days_with_sales,
  w.transactions,
  w.customers,
  w.units,
  w.revenue,
  p.revenue AS previous_revenue,
  w.revenue - p.revenue AS revenue_change,
  round(CAST(100 * (w.revenue - p.revenue) AS double) / NULLIF(p.revenue, 0), 2) AS change_percent
FROM weeks AS w
LEFT JOIN weeks AS p ON p.week_start = CAST(w.week_start - INTERVAL '7' DAY AS date)
ORDER BY w.week_start
