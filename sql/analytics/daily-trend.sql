-- How does each day compare with the day before?
-- Parameters: first_year integer default 2015, last_year integer default 2045
-- Columns: sales_date date, transactions bigint, customers bigint, units bigint,
--   revenue decimal(38,2), previous_revenue decimal(38,2), revenue_change decimal(38,2),
--   change_percent double
-- Order: by day
--
-- The day before is that of the calendar: NULL where nothing was sold on it.
WITH days AS (
  SELECT sales_date, transactions, customers, units, revenue
  FROM daily_sales
  WHERE year BETWEEN CAST(? AS integer) AND CAST(? AS integer)
)
SELECT
  d.sales_date,
  d.transactions,
  d.customers,
  d.units,
  d.revenue,
  p.revenue AS previous_revenue,
  d.revenue - p.revenue AS revenue_change,
  round(CAST(100 * (d.revenue - p.revenue) AS double) / NULLIF(p.revenue, 0), 2) AS change_percent
FROM days AS d
LEFT JOIN days AS p ON p.sales_date = CAST(d.sales_date - INTERVAL '1' DAY AS date)
ORDER BY d.sales_date
