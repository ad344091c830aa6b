-- What are the orders that stand now worth, product by product?
-- Parameters: none
-- Columns: product_name varchar, orders bigint, units bigint, total_sales decimal(38,2)
-- Order: by total sales, largest first
--
-- Orders without a quantity or a price count as orders, but not into the sums.
SELECT
  product_name,
  count(*) AS orders,
  COALESCE(sum(quantity), 0) AS units,
  COALESCE(sum(total_amount), 0) AS total_sales
FROM orders_current
GROUP BY product_name
ORDER BY total_sales DESC, product_name NULLS LAST
