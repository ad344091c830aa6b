const { alarms, messagesIn } = require('../alarm.cjs');

module.exports = alarms('generator', {
  failures: messagesIn(
    'FailedTicksQueue',
    'Ticks or backfills of the generator failed for good, so their transactions are missing.',
  ),
});
