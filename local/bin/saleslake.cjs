#!/usr/bin/env node
// Functions run in threads of this process, and Lambda's time zone is UTC.
process.env.TZ = 'UTC';
// The lock file decides the SDK's version; that later ones will want another Node is no user's news.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

require('tsx/cjs');
require('../src/cli.ts');
