-- On which days were there far more or fewer transactions than is usual for the day of the week?
-- Parameters: tolerance_percent integer default 50
-- Columns: sales_date date, transactions bigint, usual_transactions double, usual_from_days bigint
-- Order: none
--
-- Usual is the average of up to eight days before of the same day of the week; without three of
-- them nothing is usual. The newest day is left out, as it may still be going on. A day without
-- any transaction has no row to compare: see missing-days.sql.
WITH compared AS (
  SELECT
    sales_date,
    transactions,
    sum(transactions) OVER (
      PARTITION BY day_of_week
      ORDER BY sales_date
      ROWS BETWEEN 8 PRECEDING AND 1 PRECEDING
    ) AS usual_sum,
    count(*) OVER (
      PARTITION BY day_of_week
      ORDER BY sales_date
      ROWS BETWEEN 8 PRECEDING AND 1 PRECEDING
    ) AS usual_from_days,
    max(sales_date) OVER () AS newest_date
  FROM daily_sales
)
SELECT
  sales_date,
  transactions,
  round(CAST(usual_sum AS double) / NULLIF(usual_from_days, 0), 2) AS usual_transactions,
  usual_from_days
FROM compared
WHERE sales_date < newest_date
  AND usual_from_days >= 3
  AND 100 * abs(transactions * usual_from_days - usual_sum) > CAST(? AS integer) * usual_sum
