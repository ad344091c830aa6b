-- Which changes of orders have a value that cannot be?
-- Parameters: none
-- Columns: order_id varchar, sequence_number varchar, problem varchar, event_type varchar,
--   quantity integer, price decimal(10,2)
-- Order: none
--
-- problem is the first that was found.
WITH judged AS (
  SELECT
    order_id,
    sequence_number,
    CASE
      WHEN order_id = '' THEN 'order_id is empty'
      WHEN NOT regexp_like(sequence_number, '^[0-9]{1,40}$') THEN 'sequence_number is no number'
      WHEN event_type NOT IN ('INSERT', 'MODIFY', 'REMOVE') THEN 'event_type is unknown'
      WHEN product_name = '' THEN 'product_name is empty'
      WHEN quantity < 1 THEN 'quantity is less than 1'
      WHEN price < 0 THEN 'price is negative'
    END AS problem,
    event_type,
    quantity,
    price
  FROM order_events
)
SELECT order_id, sequence_number, problem, event_type, quantity, price
FROM judged
WHERE problem IS NOT NULL
