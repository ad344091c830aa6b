const { alarms, messagesIn } = require('../alarm.cjs');

// A pipe that fails tries again, and in the end puts the changes' place into its dead-letter queue:
// its own metrics would tell of nothing else.
module.exports = alarms('orders', {
  failures: messagesIn(
    'FailedChangesQueue',
    'Ticks of orders failed for good, so their changes are missing.',
  ),
  'dead-letters': messagesIn(
    'OrderChangesDeadLetterQueue',
    'Changes of orders could not be handed on to Kinesis; the stream of the table keeps them for 24 hours.',
  ),
});
