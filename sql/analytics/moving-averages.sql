-- What is the trend of daily revenue, with the ups and downs of a week and of a month taken out?
-- Parameters: none
-- Columns: sales_date date, revenue decimal(38,2), average_7_days decimal(38,2),
--   average_30_days decimal(38,2)
-- Order: by day
--
-- Averages over the 7 and the 30 days of the calendar that end with the day: one without sales
-- counts as 0. Before there are that many, over the days since the first one.
WITH windows AS (
  SELECT
    sales_date,
    revenue,
    sum(revenue) OVER (
      ORDER BY sales_date
      RANGE BETWEEN INTERVAL '6' DAY PRECEDING AND CURRENT ROW
    ) AS revenue_7_days,
    sum(revenue) OVER (
      ORDER BY sales_date
      RANGE BETWEEN INTERVAL '29' DAY PRECEDING AND CURRENT ROW
    ) AS revenue_30_days,
    date_diff('day', min(sales_date) OVER (), sales_date) + 1 AS days
  FROM daily_sales
)
SELECT
  sales_date,
  revenue,
  CAST(
    round(CAST(revenue_7_days AS double) / NULLIF(least(days, 7), 0), 2) AS decimal(38, 2)
  ) AS average_7_days,
  CAST(
    round(CAST(revenue_30_days AS double) / NULLIF(least(days, 30), 0), 2) AS decimal(38, 2)
  ) AS average_30_days
FROM windows
ORDER BY sales_date
