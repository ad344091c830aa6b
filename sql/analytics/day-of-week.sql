-- On which days of the week do customers buy?
-- Parameters: none
-- Columns: day_of_week integer, day_name varchar, days bigint, transactions bigint,
--   revenue decimal(38,2), revenue_per_day decimal(38,2), share_percent double
-- Order: by day of the week, from Monday
--
-- revenue_per_day is by the days on which something was sold, as the data may hold some days of
-- the week more often than others.
WITH weekdays AS (
  SELECT
    day_of_week,
    count(DISTINCT sales_date) AS days,
    sum(transactions) AS transactions,
    sum(revenue) AS revenue
  FROM daily_sales
  GROUP BY day_of_week
)
SELECT
  day_of_week,
  CASE day_of_week
    WHEN 0 THEN 'Monday'
    WHEN 1 THEN 'Tuesday'
    WHEN 2 THEN 'Wednesday'
    WHEN 3 THEN 'Thursday'
    WHEN 4 THEN 'Friday'
    WHEN 5 THEN 'Saturday'
    WHEN 6 THEN 'Sunday'
  END AS day_name,
  days,
  transactions,
  revenue,
  CAST(round(CAST(revenue AS double) / NULLIF(days, 0), 2) AS decimal(38, 2)) AS revenue_per_day,
  round(CAST(100 * revenue AS double) / NULLIF(sum(revenue) OVER (), 0), 2) AS share_percent
FROM weekdays
ORDER BY day_of_week
