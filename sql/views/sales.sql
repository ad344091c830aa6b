-- Which sales were there, and who bought?
-- Parameters: none
-- Columns: transaction_id varchar, timestamp timestamp, customer_id varchar, product_id varchar,
--   product_name varchar, category varchar, quantity integer, price decimal(10,2),
--   total_amount decimal(12,2), hour integer, day_of_week integer, age_group varchar,
--   membership_tier varchar, signup_date date, year integer, month integer, day integer
-- Order: none
--
-- Every transaction, with what is known of its customer: NULL where there is no such customer.
CREATE OR REPLACE VIEW sales AS
SELECT
  t.transaction_id,
  t.timestamp,
  t.customer_id,
  t.product_id,
  t.product_name,
  t.category,
  t.quantity,
  t.price,
  t.total_amount,
  t.hour,
  t.day_of_week,
  c.age_group,
  c.membership_tier,
  c.signup_date,
  t.year,
  t.month,
  t.day
FROM transactions AS t
LEFT JOIN customers AS c ON c.customer_id = t.customer_id
