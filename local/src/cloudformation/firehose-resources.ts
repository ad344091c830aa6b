import type { ResourceType } from './resource-type';

export const firehoseResources: Record<string, ResourceType> = {};
