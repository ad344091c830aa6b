-- CSV files that somebody put beside the raw zone: csv/<table>/date=YYYY-MM-DD/<name>.csv, with a
-- header line, and columns in the order below. The transformer does not read them; they are to be
-- looked at, joined, or written to raw/ as JSON. OpenCSVSerde knows only text, with an empty field
-- as an empty string. A line break within quotes is not supported. Always filter by "date".
CREATE EXTERNAL TABLE IF NOT EXISTS `raw_transactions_csv` (
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
ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde'
LOCATION 's3://<raw-bucket>/csv/transactions/'
TBLPROPERTIES (
  'classification' = 'csv',
  'skip.header.line.count' = '1',
  'projection.enabled' = 'true',
  'projection.date.type' = 'date',
  'projection.date.format' = 'yyyy-MM-dd',
  'projection.date.range' = '2015-01-01,NOW',
  'projection.date.interval' = '1',
  'projection.date.interval.unit' = 'DAYS',
  'storage.location.template' = 's3://<raw-bucket>/csv/transactions/date=${date}/'
);
