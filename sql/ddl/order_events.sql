CREATE EXTERNAL TABLE IF NOT EXISTS `order_events` (
  `order_id` string COMMENT 'Which order changed.',
  `product_name` string COMMENT 'What is ordered, after the change; before it for a REMOVE with an old image.',
  `quantity` int COMMENT 'How many, after the change; before it for a REMOVE with an old image.',
  `price` decimal(10,2) COMMENT 'Price of one, after the change; before it for a REMOVE with an old image.',
  `event_type` string COMMENT 'What happened to the order: INSERT, MODIFY or REMOVE.',
  `event_time` timestamp COMMENT 'When it happened, UTC, to the second.',
  `sequence_number` string COMMENT 'Orders the changes of an order: compare as numbers, by length and then text.'
)
COMMENT 'Changes of orders, one row a change, as captured from DynamoDB.'
PARTITIONED BY (
  `year` int COMMENT 'Partition: the year of event_time, UTC.',
  `month` int COMMENT 'Partition: the month of event_time, UTC.',
  `day` int COMMENT 'Partition: the day of event_time, UTC.'
)
STORED AS PARQUET
LOCATION 's3://<curated-bucket>/processed/order_events/'
TBLPROPERTIES (
  'classification' = 'parquet',
  'saleslake.version' = '1',
  'projection.enabled' = 'true',
  'projection.year.type' = 'integer',
  'projection.year.range' = '2015,2045',
  'projection.year.digits' = '4',
  'projection.month.type' = 'integer',
  'projection.month.range' = '1,12',
  'projection.month.digits' = '2',
  'projection.day.type' = 'integer',
  'projection.day.range' = '1,31',
  'projection.day.digits' = '2',
  'storage.location.template' = 's3://<curated-bucket>/processed/order_events/year=${year}/month=${month}/day=${day}/'
);
