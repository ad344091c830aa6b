-- Which customers are there more than once?
-- Parameters: none
-- Columns: customer_id varchar, copies bigint
-- Order: none
--
-- Each copy would count all sales of the customer once more in the view sales.
SELECT customer_id, count(*) AS copies
FROM customers
GROUP BY customer_id
HAVING count(*) > 1
