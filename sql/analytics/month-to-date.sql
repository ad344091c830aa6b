-- How does the month so far compare with the same days of the month before?
-- Parameters: none
-- Columns: month_start date, last_day date, transactions bigint, revenue decimal(38,2),
--   previous_transactions bigint, previous_revenue decimal(38,2), revenue_change decimal(38,2),
--   change_percent double
-- Order: none
--
-- One row: the month of the newest sale up to that day, and the month before up to the day of
-- the same number.
WITH newest AS (
  SELECT max(sales_date) AS last_day
  FROM daily_sales
),
months AS (
  SELECT last_day, CAST(date_trunc('month', last_day) AS date) AS month_start
  FROM newest
),
compared AS (
  SELECT
    n.month_start,
    n.last_day,
    sum(d.transactions) FILTER (WHERE d.sales_date >= n.month_start) AS transactions,
    sum(d.revenue) FILTER (WHERE d.sales_date >= n.month_start) AS revenue,
    COALESCE(
      sum(d.transactions) FILTER (WHERE d.sales_date < n.month_start), 0
    ) AS previous_transactions,
    COALESCE(sum(d.revenue) FILTER (WHERE d.sales_date < n.month_start), 0) AS previous_revenue
  FROM daily_sales AS d
  CROSS JOIN months AS n
  WHERE d.sales_date >= CAST(n.month_start - INTERVAL '1' MONTH AS date)
    AND day(d.sales_date) <= day(n.last_day)
  GROUP BY n.month_start, n.last_day
)
SELECT
  month_start,
  last_day,
  transactions,
  revenue,
  previous_transactions,
  previous_revenue,
  revenue - previous_revenue AS revenue_change,
  round(
    CAST(100 * (revenue - previous_revenue) AS double) / NULLIF(previous_revenue, 0), 2
  ) AS change_percent
FROM compared
