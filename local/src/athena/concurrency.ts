/**
 * How many queries run at once; others are queued. DuckDB gives each query all cores, so that more
 * take as long in all, while S3 and the other services wait for the cores: with four, small
 * objects took twice as long as with two (bench/athena.ts). One alone would let each short query
 * wait for a long one.
 *
 * Each holds a thread of libuv's pool from its start to its end, which bin/saleslake.cjs makes room
 * for.
 */
export const QUERIES_AT_ONCE = 2;
