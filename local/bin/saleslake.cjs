#!/usr/bin/env node
// Functions run in threads of this process, and Lambda's time zone is UTC.
process.env.TZ = 'UTC';
// The lock file decides the SDK's version; that later ones will want another Node is no user's news.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
// Queries of Athena each keep a thread of this pool, and what reads and writes files needs the
// usual four besides. Read when the first is needed: nothing may be loaded before.
process.env.UV_THREADPOOL_SIZE ??= '8';

require('tsx/cjs');
require('../src/cli.ts');
