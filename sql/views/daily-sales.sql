-- What was sold on each day?
-- Parameters: none
-- Columns: sales_date date, day_of_week integer, transactions bigint, customers bigint,
--   units bigint, revenue decimal(38,2), year integer, month integer, day integer
-- Order: none
--
-- Days without a sale are missing. A filter on year, month and day reads those partitions only.
CREATE OR REPLACE VIEW daily_sales AS
SELECT
  CAST(timestamp AS date) AS sales_date,
  day_of_week,
  count(*) AS transactions,
  count(DISTINCT customer_id) AS customers,
  sum(quantity) AS units,
  sum(total_amount) AS revenue,
  year,
  month,
  day
FROM transactions
GROUP BY CAST(timestamp AS date), day_of_week, year, month, day
