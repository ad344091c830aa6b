-- The JSON lines of the raw zone as they came, good or not: raw/<table>/date=YYYY-MM-DD/.
-- Every column is text: CAST(price AS decimal(10, 2)), from_iso8601_timestamp(...). A line that is
-- no JSON gives NULL in every column. Always filter by "date", a string such as '2026-01-31'.
CREATE EXTERNAL TABLE IF NOT EXISTS `raw_transactions_json` (
  `transaction_id` string COMMENT 'Identifies the transaction, across all sources.',
  `timestamp` string COMMENT 'When the sale took place, UTC.',
  `customer_id` string COMMENT 'Who bought.',
  `product_id` string COMMENT 'What was bought.',
  `product_name` string COMMENT 'Name of the product at the time of the sale.',
  `category` string COMMENT 'Category of the product at the time of the sale.',
  `quantity` string COMMENT 'How many were bought.',
  `price` string COMMENT 'Price of one.',
  `total_amount` string COMMENT 'Exactly quantity times price.'
)
COMMENT 'What came in for transactions, as it came.'
PARTITIONED BY (
  `date` string COMMENT 'Partition: the day in the key, YYYY-MM-DD.'
)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
WITH SERDEPROPERTIES (
  'ignore.malformed.json' = 'true'
)
LOCATION 's3://<raw-bucket>/raw/transactions/'
TBLPROPERTIES (
  'classification' = 'json',
  'projection.enabled' = 'true',
  'projection.date.type' = 'date',
  'projection.date.format' = 'yyyy-MM-dd',
  'projection.date.range' = '2015-01-01,NOW',
  'projection.date.interval' = '1',
  'projection.date.interval.unit' = 'DAYS',
  'storage.location.template' = 's3://<raw-bucket>/raw/transactions/date=${date}/'
);
